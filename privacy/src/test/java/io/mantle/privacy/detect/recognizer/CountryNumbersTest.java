package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The numbers of persons, documents and accounts of the United States, Canada, the United Kingdom,
 * Germany, France, Spain, Italy, the Netherlands, Poland, Sweden, India, Brazil, Australia and
 * Singapore, with the word that people put before them.
 */
class CountryNumbersTest {
  private static final Detector RULES = Detectors.ofRules();

  private static final Set<EntityType> NUMBERS =
      EnumSet.of(
          EntityType.NATIONAL_ID,
          EntityType.PASSPORT,
          EntityType.DRIVER_LICENSE,
          EntityType.MEDICAL_ID,
          EntityType.BANK_ACCOUNT,
          EntityType.SSN,
          EntityType.IBAN,
          EntityType.CREDIT_CARD);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSN: ⟦536-90-4399⟧",
        "my social is ⟦536904399⟧",
        "ITIN ⟦912-70-1234⟧",
        "EIN: ⟦12-3456789⟧",
        "US passport ⟦C12345678⟧, passport number ⟦123456789⟧",
        "driver's license number ⟦D1234567⟧ from California",
        "DL: ⟦S123-456-78-901-0⟧",
        "Medicare number ⟦1EG4-TE5-MK73⟧",
        "NPI ⟦1234567893⟧ ",
        "routing number ⟦021000021⟧, account number ⟦000123456789⟧",
        "SIN: ⟦046 454 286⟧",
        "OHIP ⟦1234-567-897-AB⟧",
        "Canadian passport ⟦AB123456⟧",
        "NHS number: ⟦943 476 5919⟧",
        "National Insurance ⟦AB123456C⟧",
        "UTR ⟦1955839661⟧",
        "UK driving licence ⟦MORGA657054SM9IJ⟧",
        "UK passport no ⟦925665416⟧",
        "sort code ⟦20-00-00⟧ account ⟦55779911⟧",
        "Steuer-ID ⟦86 095 742 719⟧",
        "Steuernummer ⟦181/815/08155⟧",
        "Sozialversicherungsnummer ⟦15 070649 C 103⟧",
        "Krankenversichertennummer ⟦A123456780⟧",
        "Personalausweis ⟦L01X00T471⟧",
        "F\u00fchrerscheinnummer ⟦B072RRE2I55⟧",
        "Reisepassnummer: ⟦C01X00T47⟧",
        "num\u00e9ro de s\u00e9curit\u00e9 sociale ⟦2 55 08 14 168 025 38⟧",
        "SIRET ⟦732 829 320 00074⟧",
        "num\u00e9ro fiscal ⟦3023217600053⟧",
        "carte d'identit\u00e9 n\u00b0 ⟦880692310285⟧",
        "passeport ⟦12AB34567⟧",
        "DNI ⟦12345678Z⟧",
        "NIE: ⟦X1234567L⟧",
        "CIF ⟦A58818501⟧",
        "n\u00famero de la seguridad social ⟦281234567840⟧",
        "pasaporte ⟦AAA123456⟧",
        "codice fiscale ⟦RSSMRA85T10A562S⟧",
        "partita IVA ⟦00743110157⟧",
        "carta d'identit\u00e0 ⟦CA12345AB⟧",
        "patente di guida ⟦U1K711J11M⟧",
        "BSN ⟦111222333⟧",
        "rijbewijs ⟦1234567890⟧",
        "paspoortnummer ⟦NW1234567⟧",
        "PESEL ⟦44051401359⟧",
        "NIP ⟦123-456-32-18⟧",
        "REGON ⟦123456785⟧",
        "dow\u00f3d osobisty ⟦ABA300000⟧",
        "paszport ⟦ZS0000177⟧",
        "personnummer ⟦811228-9874⟧",
        "Aadhaar ⟦2341 2341 2346⟧",
        "PAN ⟦ABCPE1234F⟧",
        "voter id ⟦ABC1234567⟧",
        "GSTIN ⟦27AAPFU0939F1ZV⟧",
        "driving licence ⟦MH12 20110012345⟧",
        "Indian passport ⟦J8369854⟧",
        "CPF ⟦111.444.777-35⟧",
        "CNPJ ⟦11.222.333/0001-81⟧",
        "CNPJ ⟦12.ABC.345/01DE-35⟧",
        "RG ⟦12.345.678-9⟧",
        "CNH ⟦62472927637⟧",
        "PIS ⟦120.56412.47-2⟧",
        "t\u00edtulo de eleitor ⟦102385010671⟧",
        "cart\u00e3o SUS ⟦706 0050 3215 1045⟧",
        "TFN ⟦123 456 782⟧",
        "ABN ⟦51 824 753 556⟧",
        "ACN ⟦004 085 616⟧",
        "Medicare ⟦2123 45670 1⟧",
        "Australian passport ⟦N1234567⟧",
        "IHI ⟦8003 6088 3335 7361⟧",
        "NRIC ⟦S1234567D⟧",
        "FIN ⟦G1122144L⟧",
        "UEN ⟦T16RF0037C⟧",
        "Singapore passport ⟦K1234567E⟧",
        "Patient MRN ⟦00123456⟧",
        "medical record number: ⟦MRN-483920⟧",
        "health insurance policy ⟦XYZ123456789⟧",
        "member ID ⟦W123456789⟧",
        "student ID ⟦S20231234⟧",
        "employee id: ⟦E-48392⟧",
        "IBAN ⟦DE89370400440532013000⟧",
        "account number ending in ⟦7854⟧",
        "SSN ⟦987-XX-XXXX⟧",
        "last four of my SSN are ⟦4399⟧",
        "card ending in ⟦4242⟧",
        "Passports: ⟦AB1234567⟧ and ⟦XY9876543⟧",
        "Kontonummer ⟦1234567890⟧, BLZ ⟦37040044⟧",
        "numer konta ⟦61 1090 1014 0000 0712 1981 2874⟧",
        "CLABE ⟦032180000118359719⟧"
      })
  void detect_numberBehindItsName_isFoundWhole(String marked) {
    String text = Marked.plain(marked);
    List<Span> spans =
        RULES.detect(new Plaintext(text)).stream().filter(s -> NUMBERS.contains(s.type())).toList();
    StringBuilder found = new StringBuilder(text);
    for (Span span : spans.reversed()) {
      found.insert(span.end(), '⟧').insert(span.start(), '⟦');
    }
    assertThat(found.toString()).isEqualTo(marked);
  }
}
