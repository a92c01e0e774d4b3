package io.mantle.privacy.detect;

import io.mantle.privacy.value.EntityType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The numbers of documents and persons that have a known layout, and mostly a check digit, in the
 * order in which they are tried.
 *
 * <p>In a layout {@code 9} is a digit, {@code A} a letter, {@code X} either; {@code ~} is one of
 * blank, hyphen, dot and colon, the same throughout; other marks are themselves.
 */
final class DocumentNumbers {

  /** What it takes to believe that a number which passes its check is what it looks like. */
  enum Trust {
    /** Layout and check are enough. */
    ALONE,
    /** A word beside it says so, or it is all there is in the text. */
    LONELY,
    /** A word beside it must say so. */
    NAMED
  }

  /**
   * One layout of one kind of number.
   *
   * @param words that make it certain when one stands before it, lower case
   */
  record Layout(
      EntityType type,
      String pattern,
      Trust trust,
      Predicate<CharSequence> check,
      Set<String> words) {}

  private final List<Layout> layouts = new ArrayList<>();

  private DocumentNumbers() {}

  static List<Layout> layouts() {
    DocumentNumbers all = new DocumentNumbers();
    all.addMedical();
    all.addEurope();
    all.addElsewhere();
    all.addBanks();
    all.addPassports();
    return List.copyOf(all.layouts);
  }

  private void add(
      EntityType type,
      Predicate<CharSequence> check,
      Set<String> words,
      Trust trust,
      String... patterns) {
    for (String pattern : patterns) {
      layouts.add(new Layout(type, pattern, trust, check, words));
    }
  }

  private void addMedical() {
    Set<String> medicare =
        Set.of("medicare", "mbi", "beneficiary", "medicaid", "patient", "member", "hicn");
    add(
        EntityType.MEDICAL_ID,
        CheckDigits::mbi,
        medicare,
        Trust.ALONE,
        "9AX9-AX9-AA99",
        "9AX9AX9AA99");
    add(
        EntityType.MEDICAL_ID,
        CheckDigits::medicareAustralia,
        medicare,
        Trust.ALONE,
        "9999 99999 9");
    add(EntityType.MEDICAL_ID, CheckDigits::medicareAustralia, medicare, Trust.NAMED, "9999999999");
    Set<String> nhs = Set.of("nhs", "patient", "health");
    add(EntityType.MEDICAL_ID, CheckDigits::nhs, nhs, Trust.NAMED, "999~999~9999", "9999999999");
    Set<String> npi = Set.of("npi", "provider", "physician", "prescriber");
    add(EntityType.MEDICAL_ID, CheckDigits::npi, npi, Trust.LONELY, "9999-999-999");
    add(EntityType.MEDICAL_ID, CheckDigits::npi, npi, Trust.NAMED, "9999999999");
    add(
        EntityType.MEDICAL_ID,
        CheckDigits::dea,
        Set.of("dea", "prescriber", "certificate", "registration"),
        Trust.LONELY,
        "AA9999999");
  }

  private void addEurope() {
    Set<String> nino = Set.of("nino", "ni", "insurance");
    EntityType id = EntityType.NATIONAL_ID;
    add(id, CheckDigits::nino, nino, Trust.ALONE, "AA 99 99 99 A", "AA999999A", "AA-99-99-99-A");
    add(id, CheckDigits::nino, nino, Trust.NAMED, "AA999999");
    Set<String> steuer =
        Set.of("idnr", "steuer", "steuerid", "steuernummer", "identifikationsnummer", "tin", "tax");
    add(id, CheckDigits::germanTax, steuer, Trust.ALONE, "99 999 999 999");
    add(id, CheckDigits::germanTax, steuer, Trust.LONELY, "99999999999");
    Set<String> ausweis =
        Set.of("ausweis", "personalausweis", "ausweisnummer", "perso", "ausweisnr", "identity");
    add(id, CheckDigits::germanDocumentChecked, ausweis, Trust.LONELY, "AXXXXXXX9", "AXXXXXXXX9");
    add(id, CheckDigits::any, ausweis, Trust.LONELY, "A99999999");
    add(id, CheckDigits::germanDocument, ausweis, Trust.NAMED, "AXXXXXXXX", "AXXXXXXXX9");
    Set<String> nir = Set.of("nir", "s\u00e9cu", "s\u00e9curit\u00e9", "sociale", "insee", "secu");
    add(id, CheckDigits::nir, nir, Trust.ALONE, "9 99 99 9X 999 999 99", "999999X99999999");
    Set<String> dni = Set.of("dni", "nif", "nie", "identidad", "documento", "extranjero");
    add(id, CheckDigits::dni, dni, Trust.ALONE, "99999999A", "99999999-A", "9999999-A");
    add(id, CheckDigits::dni, dni, Trust.ALONE, "99.999.999-A");
    add(id, CheckDigits::any, dni, Trust.LONELY, "99999999A");
    add(id, CheckDigits::nie, dni, Trust.ALONE, "A9999999A", "A9999999-A", "A-9999999-A");
    Set<String> italy = Set.of("codice", "fiscale", "cf", "iva", "piva", "partita");
    add(id, CheckDigits::codiceFiscale, italy, Trust.ALONE, "AAAAAA99A99A999A");
    add(id, CheckDigits::codiceFiscale, italy, Trust.ALONE, "AAAAAA 99A99 A999A");
    add(id, Luhn::holds, Set.of("iva", "piva", "partita"), Trust.NAMED, "99999999999");
    add(id, CheckDigits::any, Set.of("carta", "identit\u00e0"), Trust.NAMED, "AA99999AA");
    add(id, CheckDigits::any, Set.of("carta", "identit\u00e0"), Trust.LONELY, "AA9999999");
    Set<String> bsn = Set.of("bsn", "burgerservicenummer", "sofinummer", "sofi");
    add(id, CheckDigits::bsn, bsn, Trust.NAMED, "999999999", "9999.99.999", "999~999~999");
    Set<String> poland = Set.of("pesel", "nip", "ewidencyjny");
    add(id, CheckDigits::pesel, poland, Trust.LONELY, "99999999999");
    add(id, CheckDigits::nip, poland, Trust.NAMED, "9999999999");
    add(id, CheckDigits::nip, poland, Trust.ALONE, "999-999-99-99", "999-99-99-999");
    Set<String> sweden = Set.of("personnummer", "samordningsnummer", "personnr", "pnr");
    add(id, CheckDigits::personnummer, sweden, Trust.ALONE, "999999-9999", "99999999-9999");
    add(id, CheckDigits::personnummer, sweden, Trust.ALONE, "999999+9999");
    add(id, CheckDigits::personnummer, sweden, Trust.LONELY, "999999999999");
    add(id, CheckDigits::personnummer, sweden, Trust.NAMED, "9999999999");
    Set<String> finland = Set.of("hetu", "henkil\u00f6tunnus", "finnish");
    add(id, CheckDigits::hetu, finland, Trust.ALONE, "999999A999X", "999999-999X", "999999+999X");
    Set<String> cpr = Set.of("cpr", "personnummer", "cprnr");
    add(id, CheckDigits::cpr, cpr, Trust.NAMED, "999999-9999", "9999999999");
    Set<String> norway = Set.of("f\u00f8dselsnummer", "personnummer", "fnr");
    add(id, CheckDigits::fodselsnummer, norway, Trust.LONELY, "999999 99999", "99999999999");
    Set<String> belgium = Set.of("rijksregisternummer", "nationaal", "national", "rrn", "niss");
    add(id, CheckDigits::belgium, belgium, Trust.ALONE, "99.99.99-999.99");
    add(id, CheckDigits::belgium, belgium, Trust.LONELY, "99999999999");
    Set<String> ahv = Set.of("ahv", "avs", "oasi");
    add(id, CheckDigits::ahv, ahv, Trust.ALONE, "999.9999.9999.99", "9999999999999");
    Set<String> portugal = Set.of("nif", "contribuinte", "nipc");
    add(id, CheckDigits::portugal, portugal, Trust.NAMED, "999999999", "999 999 999");
  }

  private void addElsewhere() {
    EntityType id = EntityType.NATIONAL_ID;
    Set<String> ein = Set.of("ein", "fein", "tin", "tax", "employer", "irs");
    add(id, CheckDigits::any, ein, Trust.NAMED, "99-9999999");
    Set<String> canada = Set.of("sin", "nas", "insurance", "assurance", "social");
    add(id, CheckDigits::canada, canada, Trust.LONELY, "999~999~999");
    add(id, CheckDigits::canada, canada, Trust.NAMED, "999999999");
    Set<String> aadhaar = Set.of("aadhaar", "aadhar", "uidai", "uid", "adhaar");
    add(id, CheckDigits::aadhaar, aadhaar, Trust.ALONE, "9999~9999~9999");
    add(id, CheckDigits::aadhaar, aadhaar, Trust.LONELY, "999999999999");
    add(id, CheckDigits::pan, Set.of("pan"), Trust.ALONE, "AAAAA9999A");
    add(id, CheckDigits::any, Set.of("pan"), Trust.LONELY, "AAAAA9999A");
    add(id, CheckDigits::any, Set.of("voter", "epic"), Trust.LONELY, "AAA9999999");
    add(id, CheckDigits::any, Set.of("gstin", "gst"), Trust.LONELY, "99AAAAA9999A9AX");
    Set<String> brazil = Set.of("cpf", "cnpj", "cadastro");
    add(id, CheckDigits::cpf, brazil, Trust.ALONE, "999.999.999-99");
    add(id, CheckDigits::cpf, brazil, Trust.LONELY, "99999999999", "999999999-99");
    add(id, CheckDigits::cnpj, brazil, Trust.ALONE, "99.999.999/9999-99");
    add(id, CheckDigits::cnpj, brazil, Trust.LONELY, "99999999999999");
    Set<String> australia = Set.of("tfn", "abn", "acn", "tax", "business", "company");
    add(id, CheckDigits::abn, australia, Trust.ALONE, "99 999 999 999");
    add(id, CheckDigits::abn, australia, Trust.LONELY, "99999999999");
    add(id, CheckDigits::tfn, australia, Trust.LONELY, "999~999~999");
    add(id, CheckDigits::tfn, australia, Trust.NAMED, "999999999");
    add(id, CheckDigits::acn, australia, Trust.LONELY, "999~999~999");
    add(id, CheckDigits::acn, australia, Trust.NAMED, "999999999");
    Set<String> singapore = Set.of("nric", "fin");
    add(id, CheckDigits::nric, singapore, Trust.ALONE, "A9999999A");
    add(id, CheckDigits::any, singapore, Trust.LONELY, "A9999999A");
    add(id, CheckDigits::turkey, Set.of("tckn", "kimlik"), Trust.LONELY, "99999999999");
    add(id, CheckDigits::korea, Set.of("rrn", "resident"), Trust.ALONE, "999999-9999999");
    add(id, CheckDigits::korea, Set.of("rrn", "resident"), Trust.LONELY, "9999999999999");
    add(id, CheckDigits::koreaUnchecked, Set.of("rrn", "resident"), Trust.LONELY, "999999-9999999");
    add(id, CheckDigits::curp, Set.of("curp"), Trust.ALONE, "AAAA999999AAAAAAX9");
  }

  private void addBanks() {
    EntityType bank = EntityType.BANK_ACCOUNT;
    Set<String> routing = Set.of("routing", "aba", "rtn", "transit", "bank", "wire");
    add(bank, CheckDigits::aba, routing, Trust.NAMED, "999999999", "9999-9999-9");
    add(bank, CheckDigits::any, Set.of("ifsc"), Trust.NAMED, "AAAA9XXXXXX", "AAAAAXXXXXX");
    add(bank, CheckDigits::any, Set.of("sort", "sortcode"), Trust.NAMED, "99-99-99", "999999");
    add(bank, CheckDigits::any, Set.of("bsb"), Trust.NAMED, "999-999", "999999");
  }

  private void addPassports() {
    Set<String> passport =
        Set.of("passport", "passports", "reisepass", "pasaporte", "passeport", "passaporto");
    EntityType type = EntityType.PASSPORT;
    add(type, CheckDigits::any, passport, Trust.LONELY, "A99999999", "AA9999999", "AAA999999");
    add(type, CheckDigits::any, passport, Trust.LONELY, "A9999999", "A999A9999");
    EntityType licence = EntityType.DRIVER_LICENSE;
    Set<String> driver = Set.of("license", "licence", "driver", "driving", "driver's", "dvla");
    add(licence, CheckDigits::any, driver, Trust.LONELY, "AAAAA999999XXXXX", "AA9999999A");
    add(licence, CheckDigits::any, driver, Trust.LONELY, "99-99-999999-99", "99 99 999999 99");
  }
}
