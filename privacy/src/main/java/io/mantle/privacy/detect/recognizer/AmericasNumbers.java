package io.mantle.privacy.detect.recognizer;

import static io.mantle.privacy.detect.recognizer.DocumentNumbers.Trust.ALONE;
import static io.mantle.privacy.detect.recognizer.DocumentNumbers.Trust.LONELY;
import static io.mantle.privacy.detect.recognizer.DocumentNumbers.Trust.NAMED;
import static io.mantle.privacy.value.EntityType.BANK_ACCOUNT;
import static io.mantle.privacy.value.EntityType.DRIVER_LICENSE;
import static io.mantle.privacy.value.EntityType.MEDICAL_ID;
import static io.mantle.privacy.value.EntityType.NATIONAL_ID;
import static io.mantle.privacy.value.EntityType.PASSPORT;

/**
 * The numbers of the United States, Canada, Brazil and Mexico. Social security numbers have a
 * recognizer of their own.
 */
final class AmericasNumbers {
  private AmericasNumbers() {}

  static void addTo(DocumentNumbers all) {
    unitedStates(all);
    canada(all);
    brazil(all);
    all.kind(NATIONAL_ID, "curp").add(ALONE, AmericasChecks::curp, "AAAA999999AAAAAAX9");
  }

  private static void unitedStates(DocumentNumbers all) {
    all.kind(MEDICAL_ID, "medicare mbi beneficiary medicaid patient member hicn")
        .add(ALONE, AmericasChecks::mbi, "9AX9-AX9-AA99", "9AX9AX9AA99", "9AX9 AX9 AA99");
    all.kind(MEDICAL_ID, "npi provider physician prescriber practitioner")
        .add(LONELY, AmericasChecks::npi, "9999-999-999", "9999999999");
    all.kind(MEDICAL_ID, "dea prescriber certificate registration registrant")
        .add(LONELY, AmericasChecks::dea, "AA9999999");
    all.kind(NATIONAL_ID, "itin taxpayer tin tax")
        .add(LONELY, AmericasChecks::itin, "999-999999", "99999-9999", "999999999");
    all.kind(NATIONAL_ID, "ein fein tin tax employer irs")
        .add(NAMED, AmericasChecks::ein, "99-9999999", "999999999");
    all.kind(BANK_ACCOUNT, "routing aba rtn transit bank wire ach")
        .add(LONELY, AmericasChecks::aba, "9999-9999-9", "999999999");
    all.kind(
            PASSPORT,
            "passport passports reisepass pasaporte passeport passaporto passaporte paspoort"
                + " paszport pass reisepassnummer passnummer")
        .add(LONELY, CheckDigits::any, "A99999999", "AA9999999", "AAA999999", "A9999999")
        .add(LONELY, CheckDigits::any, "A999A9999")
        .add(NAMED, CheckDigits::any, "99AA99999", "AA999999", "AAXXXXXX9", "A9999999A", "A999999")
        .add(NAMED, CheckDigits::any, "999999999", "99999999");
  }

  private static void canada(DocumentNumbers all) {
    all.kind(NATIONAL_ID, "sin nas insurance assurance social")
        .add(LONELY, AmericasChecks::canada, "999~999~999", "999999999");
    all.kind(MEDICAL_ID, "ohip health ontario carte sant\u00e9 hcn")
        .add(LONELY, AmericasChecks::ontario, "9999-999-999-AA", "9999 999 999 AA")
        .add(NAMED, AmericasChecks::ontario, "9999-999-999", "9999 999 999", "9999999999AA")
        .add(NAMED, AmericasChecks::ontario, "9999999999");
    all.kind(MEDICAL_ID, "ramq maladie assurance health qu\u00e9bec quebec")
        .add(LONELY, AmericasChecks::quebec, "AAAA 9999 9999")
        .add(NAMED, AmericasChecks::quebec, "AAAA99999999");
    all.kind(MEDICAL_ID, "phn health personal bc")
        .add(NAMED, AmericasChecks::britishColumbia, "9999 999 999", "9999-999-999", "9999999999");
    all.kind(NATIONAL_ID, "bn business gst hst cra")
        .add(ALONE, AmericasChecks::canadianBusiness, "999999999AA9999", "999999999 AA 9999")
        .add(ALONE, AmericasChecks::canadianBusiness, "99999 9999 AA9999", "999999999 AA9999");
    all.kind(DRIVER_LICENSE, "license licence driver driving driver's permis conduire")
        .add(NAMED, CheckDigits::any, "A9999-99999-99999", "A9999-999999-99");
  }

  private static void brazil(DocumentNumbers all) {
    all.kind(NATIONAL_ID, "cpf cadastro contribuinte")
        .add(ALONE, AmericasChecks::cpf, "999.999.999-99")
        .add(LONELY, AmericasChecks::cpf, "99999999999", "999999999-99", "999 999 999 99");
    all.kind(NATIONAL_ID, "cnpj cadastro")
        .add(ALONE, AmericasChecks::cnpj, "99.999.999/9999-99")
        .add(LONELY, AmericasChecks::cnpj, "99999999999999", "XX.XXX.XXX/XXXX-99");
    all.kind(NATIONAL_ID, "pis pasep nit nis inss")
        .add(LONELY, AmericasChecks::pis, "999.99999.99-9")
        .add(NAMED, AmericasChecks::pis, "99999999999");
    all.kind(NATIONAL_ID, "rg identidade registro")
        .add(NAMED, CheckDigits::any, "99.999.999-X", "99.999.999", "99999999-X", "999999999");
    all.kind(NATIONAL_ID, "eleitor eleitoral t\u00edtulo titulo")
        .add(NAMED, AmericasChecks::voter, "999999999999", "9999 9999 9999");
    all.kind(MEDICAL_ID, "cns sus sa\u00fade cart\u00e3o")
        .add(NAMED, AmericasChecks::cns, "999999999999999", "999 9999 9999 9999");
    all.kind(DRIVER_LICENSE, "cnh habilita\u00e7\u00e3o carteira motorista")
        .add(NAMED, AmericasChecks::cnh, "99999999999");
  }
}
