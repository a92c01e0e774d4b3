package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mantle.privacy.detect.passage.CharClass;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Specimens of the offices that give the numbers, or numbers worked out from their rules. A check
 * that holds for one must fail for all that differ from it in the last place alone.
 */
class CheckDigitsTest {

  static Stream<Arguments> specimens() {
    return Stream.of(
        arguments("canada", check(AmericasChecks::canada), "046454286"),
        arguments("npi", check(AmericasChecks::npi), "1234567893"),
        arguments("dea", check(AmericasChecks::dea), "AB1234563"),
        arguments("aba", check(AmericasChecks::aba), "021000021"),
        arguments("cpf", check(AmericasChecks::cpf), "11144477735"),
        arguments("cnpj", check(AmericasChecks::cnpj), "11222333000181"),
        arguments("cnpj", check(AmericasChecks::cnpj), "12ABC34501DE35"),
        arguments("pis", check(AmericasChecks::pis), "12056412472"),
        arguments("cnh", check(AmericasChecks::cnh), "62472927637"),
        arguments("cns", check(AmericasChecks::cns), "706005032151045"),
        arguments("voter", check(AmericasChecks::voter), "102385010671"),
        arguments("britishColumbia", check(AmericasChecks::britishColumbia), "9698658215"),
        arguments("nhs", check(EuropeChecks::nhs), "9434765919"),
        arguments("germanTax", check(EuropeChecks::germanTax), "86095742719"),
        arguments("germanPension", check(EuropeChecks::germanPension), "15070649C103"),
        arguments("germanHealth", check(EuropeChecks::germanHealth), "A123456780"),
        arguments("nir", check(EuropeChecks::nir), "255081416802538"),
        arguments("spi", check(EuropeChecks::spi), "3023217600053"),
        arguments("dni", check(EuropeChecks::dni), "12345678Z"),
        arguments("nie", check(EuropeChecks::nie), "X1234567L"),
        arguments("cif", check(EuropeChecks::cif), "A58818501"),
        arguments("spanishSecurity", check(EuropeChecks::spanishSecurity), "281234567840"),
        arguments("codiceFiscale", check(EuropeChecks::codiceFiscale), "RSSMRA85T10A562S"),
        arguments("partitaIva", check(EuropeChecks::partitaIva), "00743110157"),
        arguments("bsn", check(EuropeChecks::bsn), "111222333"),
        arguments("pesel", check(EuropeChecks::pesel), "44051401359"),
        arguments("nip", check(EuropeChecks::nip), "1234563218"),
        arguments("regon", check(EuropeChecks::regon), "123456785"),
        arguments("personnummer", check(EuropeChecks::personnummer), "8112289874"),
        arguments("hetu", check(EuropeChecks::hetu), "131052308T"),
        arguments("fodselsnummer", check(EuropeChecks::fodselsnummer), "22439332836"),
        arguments("belgium", check(EuropeChecks::belgium), "85073003328"),
        arguments("ahv", check(EuropeChecks::ahv), "7569217076985"),
        arguments("portugal", check(EuropeChecks::portugal), "111146569"),
        arguments(
            "polishAccount", check(EuropeChecks::polishAccount), "61109010140000071219812874"),
        arguments("aadhaar", check(WorldChecks::aadhaar), "234123412346"),
        arguments("gstin", check(WorldChecks::gstin), "27AAPFU0939F1ZV"),
        arguments("tfn", check(WorldChecks::tfn), "123456782"),
        arguments("acn", check(WorldChecks::acn), "004085616"),
        arguments("ihi", check(WorldChecks::ihi), "8003608833357361"),
        arguments("nric", check(WorldChecks::nric), "S1234567D"),
        arguments("nric", check(WorldChecks::nric), "G1122144R"),
        arguments("uen", check(WorldChecks::uen), "T16RF0037C"),
        arguments("uenCompany", check(WorldChecks::uenCompany), "197401143C"),
        arguments("uenBusiness", check(WorldChecks::uenBusiness), "00192200M"),
        arguments("turkey", check(WorldChecks::turkey), "10000000146"),
        arguments("thailand", check(WorldChecks::thailand), "3456789012347"),
        arguments("southAfrica", check(WorldChecks::southAfrica), "7503305044089"),
        arguments("korea", check(WorldChecks::korea), "9601211021413"));
  }

  private static Predicate<CharSequence> check(Predicate<CharSequence> check) {
    return check;
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("specimens")
  void check_specimen_holdsForItAlone(String name, Predicate<CharSequence> check, String number) {
    assertThat(check.test(number)).as(name).isTrue();
    int last = number.length() - 1;
    char first = CharClass.isDigit(number.charAt(last)) ? '0' : 'A';
    char end = CharClass.isDigit(number.charAt(last)) ? '9' : 'Z';
    for (char c = first; c <= end; c++) {
      String other = number.substring(0, last) + c;
      assertThat(check.test(other)).as(other).isEqualTo(c == number.charAt(last));
    }
  }
}
