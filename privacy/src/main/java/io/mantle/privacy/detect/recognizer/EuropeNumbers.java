package io.mantle.privacy.detect.recognizer;

import static io.mantle.privacy.detect.recognizer.DocumentNumbers.Trust.ALONE;
import static io.mantle.privacy.detect.recognizer.DocumentNumbers.Trust.LONELY;
import static io.mantle.privacy.detect.recognizer.DocumentNumbers.Trust.NAMED;
import static io.mantle.privacy.value.EntityType.BANK_ACCOUNT;
import static io.mantle.privacy.value.EntityType.DRIVER_LICENSE;
import static io.mantle.privacy.value.EntityType.MEDICAL_ID;
import static io.mantle.privacy.value.EntityType.NATIONAL_ID;
import static io.mantle.privacy.value.EntityType.PASSPORT;

/** The numbers of Europe's countries. */
final class EuropeNumbers {
  private EuropeNumbers() {}

  static void addTo(DocumentNumbers all) {
    unitedKingdom(all);
    germany(all);
    france(all);
    spain(all);
    italy(all);
    netherlands(all);
    poland(all);
    nordic(all);
    others(all);
  }

  private static void unitedKingdom(DocumentNumbers all) {
    all.kind(MEDICAL_ID, "nhs patient health chi")
        .add(LONELY, EuropeChecks::nhs, "999~999~9999", "9999999999");
    all.kind(NATIONAL_ID, "nino ni insurance")
        .add(ALONE, EuropeChecks::nino, "AA 99 99 99 A", "AA999999A", "AA-99-99-99-A")
        .add(ALONE, EuropeChecks::nino, "AA 999999 A")
        .add(NAMED, EuropeChecks::nino, "AA999999", "AA 99 99 99");
    all.kind(NATIONAL_ID, "utr taxpayer tax reference hmrc")
        .add(NAMED, EuropeChecks::utr, "9999999999", "99999 99999", "999 9999 999");
    all.kind(DRIVER_LICENSE, "license licence driver driving driver's dvla")
        .add(ALONE, EuropeChecks::britishDriver, "AXXXX999999AX9AA", "AXXXX999999AXXAA")
        .add(NAMED, EuropeChecks::britishDriver, "AXXXX 999999 AXXAA");
    all.kind(BANK_ACCOUNT, "sort sortcode")
        .add(NAMED, CheckDigits::any, "99-99-99", "999999", "99 99 99");
  }

  private static void germany(DocumentNumbers all) {
    all.kind(
            NATIONAL_ID,
            "idnr steuer steuerid steuernummer identifikationsnummer tin tax steueridentnr"
                + " steueridentifikationsnummer")
        .add(ALONE, EuropeChecks::germanTax, "99 999 999 999")
        .add(LONELY, EuropeChecks::germanTax, "99999999999");
    all.kind(NATIONAL_ID, "steuernummer steuernr stnr st steuer")
        .add(NAMED, CheckDigits::any, "99/999/99999", "999/999/99999", "999/9999/9999")
        .add(NAMED, CheckDigits::any, "9999999999999");
    all.kind(NATIONAL_ID, "ausweis personalausweis ausweisnummer perso ausweisnr identity")
        .add(LONELY, EuropeChecks::germanDocumentChecked, "AXXXXXXX9", "AXXXXXXXX9")
        .add(LONELY, CheckDigits::any, "A99999999")
        .add(NAMED, EuropeChecks::germanDocument, "AXXXXXXXX", "AXXXXXXXX9");
    all.kind(PASSPORT, "pass reisepass reisepassnummer passnummer passport")
        .add(NAMED, EuropeChecks::germanDocument, "AXXXXXXXX", "AXXXXXXXX9");
    all.kind(
            NATIONAL_ID,
            "sozialversicherungsnummer rentenversicherungsnummer versicherungsnummer rvnr svnr"
                + " sozialversicherung rentenversicherung")
        .add(LONELY, EuropeChecks::germanPension, "99 999999 A 999", "99999999A999");
    all.kind(
            MEDICAL_ID,
            "krankenversichertennummer versichertennummer krankenversicherung krankenkasse kvnr"
                + " versicherten gesundheitskarte")
        .add(LONELY, EuropeChecks::germanHealth, "A999999999");
    all.kind(
            NATIONAL_ID,
            "bsnr lanr betriebsst\u00e4ttennummer arztnummer betriebsnummer vertragsarzt")
        .add(NAMED, CheckDigits::any, "999999999");
    all.kind(DRIVER_LICENSE, "f\u00fchrerschein f\u00fchrerscheinnummer fahrerlaubnis")
        .add(NAMED, CheckDigits::any, "AXXXAAX9XX9", "AXXXXXXXXX9");
  }

  private static void france(DocumentNumbers all) {
    all.kind(NATIONAL_ID, "nir s\u00e9cu s\u00e9curit\u00e9 sociale insee secu securite")
        .add(ALONE, EuropeChecks::nir, "9 99 99 9X 999 999 99", "999999X99999999")
        .add(NAMED, EuropeChecks::nirBody, "9 99 99 99 999 999", "9999999999999");
    all.kind(NATIONAL_ID, "fiscal spi imp\u00f4ts fiscale impots")
        .add(NAMED, EuropeChecks::spi, "9999999999999", "99 99 999 999 999");
    all.kind(NATIONAL_ID, "siren siret rcs")
        .add(NAMED, Luhn::holds, "999999999", "999 999 999", "99999999999999", "999 999 999 99999");
    all.kind(NATIONAL_ID, "cni identit\u00e9 identite")
        .add(NAMED, CheckDigits::any, "999999999999");
    all.kind(DRIVER_LICENSE, "permis conduire").add(NAMED, CheckDigits::any, "999999999999");
  }

  private static void spain(DocumentNumbers all) {
    all.kind(NATIONAL_ID, "dni nif nie identidad documento extranjero cif")
        .add(ALONE, EuropeChecks::dniNoLiteral, "99999999A")
        .add(ALONE, EuropeChecks::dni, "99999999-A", "9999999-A", "99.999.999-A")
        .add(LONELY, CheckDigits::any, "99999999A")
        .add(ALONE, EuropeChecks::nie, "A9999999A", "A9999999-A", "A-9999999-A")
        .add(LONELY, EuropeChecks::cif, "A9999999X", "A-9999999X", "A-99999999");
    all.kind(NATIONAL_ID, "seguridad afiliaci\u00f3n nuss naf")
        .add(LONELY, EuropeChecks::spanishSecurity, "99/99999999/99")
        .add(NAMED, EuropeChecks::spanishSecurity, "999999999999", "99 99999999 99")
        .add(NAMED, EuropeChecks::spanishSecurity, "99-99999999-99");
  }

  private static void italy(DocumentNumbers all) {
    all.kind(NATIONAL_ID, "codice fiscale cf")
        .add(ALONE, EuropeChecks::codiceFiscale, "AAAAAA9XAXXAXXXA", "AAAAAA 99A99 A999A");
    all.kind(NATIONAL_ID, "iva piva partita vat")
        .add(LONELY, EuropeChecks::partitaIva, "99999999999");
    all.kind(NATIONAL_ID, "carta identit\u00e0 cie")
        .add(NAMED, CheckDigits::any, "AA99999AA")
        .add(LONELY, CheckDigits::any, "AA9999999", "AA 9999999");
    all.kind(DRIVER_LICENSE, "patente guida license licence driver")
        .add(LONELY, CheckDigits::any, "AA9999999A", "A9XXXXXXXA");
  }

  private static void netherlands(DocumentNumbers all) {
    all.kind(NATIONAL_ID, "bsn burgerservicenummer sofinummer sofi")
        .add(NAMED, EuropeChecks::bsn, "999999999", "9999.99.999", "999~999~999");
    all.kind(NATIONAL_ID, "btw omzetbelasting vat").add(NAMED, CheckDigits::any, "AA999999999A99");
    all.kind(NATIONAL_ID, "identiteitskaart identiteitsbewijs documentnummer")
        .add(NAMED, CheckDigits::any, "AAXXXXXX9");
    all.kind(DRIVER_LICENSE, "rijbewijs rijbewijsnummer")
        .add(NAMED, CheckDigits::any, "9999999999");
  }

  private static void poland(DocumentNumbers all) {
    all.kind(NATIONAL_ID, "pesel ewidencyjny").add(LONELY, EuropeChecks::pesel, "99999999999");
    all.kind(NATIONAL_ID, "nip podatkowy podatnika")
        .add(ALONE, EuropeChecks::nip, "999-999-99-99", "999-99-99-999")
        .add(NAMED, EuropeChecks::nip, "9999999999");
    all.kind(BANK_ACCOUNT, "konto konta rachunek rachunku nrb bank")
        .add(NAMED, EuropeChecks::polishAccount, "99 9999 9999 9999 9999 9999 9999");
    all.kind(NATIONAL_ID, "regon").add(NAMED, EuropeChecks::regon, "999999999");
    all.kind(NATIONAL_ID, "dow\u00f3d dowodu dow\u00f3d\u00f3w osobisty osobistego")
        .add(LONELY, EuropeChecks::polishCard, "AAA999999", "AAA 999999");
    all.kind(PASSPORT, "paszport paszportu")
        .add(NAMED, EuropeChecks::polishPassport, "AA9999999", "AA 9999999");
  }

  private static void nordic(DocumentNumbers all) {
    all.kind(
            NATIONAL_ID, "personnummer samordningsnummer personnr pnr swedish svenskt personnumret")
        .add(ALONE, EuropeChecks::personnummer, "999999-9999", "99999999-9999", "999999+9999")
        .add(LONELY, EuropeChecks::personnummer, "999999999999", "9999999999", "99999999 9999");
    all.kind(NATIONAL_ID, "hetu henkil\u00f6tunnus finnish")
        .add(ALONE, EuropeChecks::hetu, "999999A999X", "999999-999X", "999999+999X");
    all.kind(NATIONAL_ID, "cpr personnummer cprnr")
        .add(NAMED, EuropeChecks::cpr, "999999-9999", "9999999999");
    all.kind(NATIONAL_ID, "f\u00f8dselsnummer personnummer fnr")
        .add(LONELY, EuropeChecks::fodselsnummer, "999999 99999", "99999999999");
  }

  private static void others(DocumentNumbers all) {
    all.kind(NATIONAL_ID, "rijksregisternummer nationaal national rrn niss insz")
        .add(ALONE, EuropeChecks::belgium, "99.99.99-999.99")
        .add(LONELY, EuropeChecks::belgium, "99999999999");
    all.kind(NATIONAL_ID, "ahv avs oasi").add(ALONE, EuropeChecks::ahv, "999.9999.9999.99");
    all.kind(NATIONAL_ID, "ahv avs oasi").add(LONELY, EuropeChecks::ahv, "9999999999999");
    all.kind(NATIONAL_ID, "nif contribuinte nipc")
        .add(NAMED, EuropeChecks::portugal, "999999999", "999 999 999");
  }
}
