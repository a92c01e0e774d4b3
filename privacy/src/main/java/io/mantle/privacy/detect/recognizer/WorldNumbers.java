package io.mantle.privacy.detect.recognizer;

import static io.mantle.privacy.detect.recognizer.DocumentNumbers.Trust.ALONE;
import static io.mantle.privacy.detect.recognizer.DocumentNumbers.Trust.LONELY;
import static io.mantle.privacy.detect.recognizer.DocumentNumbers.Trust.NAMED;
import static io.mantle.privacy.value.EntityType.BANK_ACCOUNT;
import static io.mantle.privacy.value.EntityType.DRIVER_LICENSE;
import static io.mantle.privacy.value.EntityType.MEDICAL_ID;
import static io.mantle.privacy.value.EntityType.NATIONAL_ID;
import static io.mantle.privacy.value.EntityType.PASSPORT;

/** The numbers of India, Australia, Singapore and other countries of Asia and Africa. */
final class WorldNumbers {
  private WorldNumbers() {}

  static void addTo(DocumentNumbers all) {
    india(all);
    australia(all);
    singapore(all);
    others(all);
  }

  private static void india(DocumentNumbers all) {
    all.kind(NATIONAL_ID, "aadhaar aadhar uidai uid adhaar \u0906\u0927\u093e\u0930")
        .add(ALONE, WorldChecks::aadhaar, "9999~9999~9999")
        .add(LONELY, WorldChecks::aadhaar, "999999999999");
    all.kind(NATIONAL_ID, "pan")
        .add(ALONE, WorldChecks::pan, "AAAAA9999A")
        .add(LONELY, CheckDigits::any, "AAAAA9999A");
    all.kind(NATIONAL_ID, "voter epic election").add(LONELY, CheckDigits::any, "AAA9999999");
    all.kind(NATIONAL_ID, "gstin gst")
        .add(ALONE, WorldChecks::gstin, "99AAAAA9999AXAX")
        .add(LONELY, CheckDigits::any, "99AAAAA9999A9AX");
    all.kind(NATIONAL_ID, "uan epf pf provident").add(NAMED, CheckDigits::any, "999999999999");
    all.kind(MEDICAL_ID, "abha health").add(NAMED, CheckDigits::any, "99-9999-9999-9999");
    all.kind(DRIVER_LICENSE, "license licence driver driving driver's dl")
        .add(NAMED, CheckDigits::any, "AA99 99999999999", "AA-9999999999999", "AA9999999999999")
        .add(NAMED, CheckDigits::any, "AA99-99999999999", "AA-99-9999-9999999");
    all.kind(BANK_ACCOUNT, "ifsc").add(NAMED, CheckDigits::any, "AAAA9XXXXXX", "AAAAAXXXXXX");
  }

  private static void australia(DocumentNumbers all) {
    all.kind(MEDICAL_ID, "medicare patient member")
        .add(ALONE, WorldChecks::medicareAustralia, "9999 99999 9")
        .add(LONELY, WorldChecks::medicareAustralia, "9999999999");
    all.kind(MEDICAL_ID, "ihi healthcare health")
        .add(ALONE, WorldChecks::ihi, "9999999999999999", "9999 9999 9999 9999");
    all.kind(NATIONAL_ID, "abn business")
        .add(ALONE, WorldChecks::abn, "99 999 999 999")
        .add(LONELY, WorldChecks::abn, "99999999999");
    all.kind(NATIONAL_ID, "tfn tax").add(LONELY, WorldChecks::tfn, "999~999~999", "999999999");
    all.kind(NATIONAL_ID, "acn company").add(LONELY, WorldChecks::acn, "999~999~999", "999999999");
    all.kind(BANK_ACCOUNT, "bsb").add(NAMED, CheckDigits::any, "999-999", "999999");
  }

  private static void singapore(DocumentNumbers all) {
    all.kind(NATIONAL_ID, "nric fin identity ic")
        .add(ALONE, WorldChecks::nric, "A9999999A")
        .add(LONELY, CheckDigits::any, "A9999999A");
    all.kind(NATIONAL_ID, "uen entity")
        .add(LONELY, WorldChecks::uen, "A99AA9999A")
        .add(LONELY, WorldChecks::uenCompany, "999999999A")
        .add(LONELY, WorldChecks::uenBusiness, "99999999A");
  }

  private static void others(DocumentNumbers all) {
    all.kind(
            NATIONAL_ID,
            "tckn kimlik tc ki\u015fi vatanda\u015fl\u0131k t.c kimli\u011fi numaras\u0131")
        .add(LONELY, WorldChecks::turkey, "99999999999");
    all.kind(NATIONAL_ID, "rrn resident \uc8fc\ubbfc\ub4f1\ub85d\ubc88\ud638")
        .add(ALONE, WorldChecks::korea, "999999-9999999")
        .add(LONELY, WorldChecks::koreaUnchecked, "9999999999999", "999999-9999999");
    all.kind(PASSPORT, "\uc5ec\uad8c\ubc88\ud638\ub294 \uc5ec\uad8c\ubc88\ud638 \uc5ec\uad8c")
        .add(NAMED, CheckDigits::any, "A999A9999", "A99999999");
    all.kind(DRIVER_LICENSE, "license licence \uba74\ud5c8\ubc88\ud638 \uc6b4\uc804\uba74\ud5c8")
        .add(LONELY, CheckDigits::any, "99-99-999999-99", "99 99 999999 99");
    all.kind(
            NATIONAL_ID,
            "thai tnin \u0e40\u0e25\u0e02\u0e1b\u0e23\u0e30\u0e08\u0e33\u0e15\u0e31\u0e27\u0e1b"
                + "\u0e23\u0e30\u0e0a\u0e32\u0e0a\u0e19")
        .add(LONELY, WorldChecks::thailand, "9999999999999", "9-9999-99999-99-9")
        .add(LONELY, WorldChecks::thailand, "9 9999 99999 99 9");
    all.kind(NATIONAL_ID, "nin nigerian nimc").add(NAMED, CheckDigits::any, "99999999999");
    all.kind(NATIONAL_ID, "sa african rsa identity")
        .add(LONELY, WorldChecks::southAfrica, "9999999999999");
  }
}
