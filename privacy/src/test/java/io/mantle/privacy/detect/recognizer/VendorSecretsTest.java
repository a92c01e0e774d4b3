package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.value.EntityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keys in the forms of their vendors, made up; passwords and codes in the places where people leave
 * them.
 */
class VendorSecretsTest {
  private static final Detector RULES = Detectors.ofRules();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "export OPENAI_API_KEY=\"⟦sk"
            + "-proj-Ab12Cd34Ef56Gh78Ij90KlMnOpQrStUvWxYz1234567890abcd⟧\"",
        "anthropic key is ⟦sk" + "-ant-api03-qW3eRtY6uIoP9aSdFgH-jKlZxCvBnM1234567890_AA⟧ ok",
        "AWS: AK"
            + "IA key ⟦AK"
            + "IAIOSFODNN7EXAMPLE⟧, secret ⟦wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟧",
        "aws_secret_access_key = ⟦wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟧",
        "AWS_SESSION_TOKEN=⟦IQoJb3JpZ2luX2VjEOv//////////wEaCXVzLWVhc3QtMSJHMEUCIQ⟧",
        "AZURE: DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=⟦Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==⟧;EndpointSuffix=core.windows.net",
        "https://acct.blob.core.windows.net/c?sv=2020-08-04&ss=b&sig=⟦Zk3dZ2x8aQ1pLmN0bVcXsWeRtYuIoP%2BasdFghJkLz%3D⟧&se=2024",
        "Server=tcp:db.database.windows.net,1433;Initial Catalog=x;User ID=app;Password=⟦S3cret!pw⟧;Encrypt=True;",
        "Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=⟦abcDEF123ghiJKL456mnoPQR789stuVWX012yz=⟧",
        "token: ⟦gh" + "p_16C7e42F292c6912E7710c838347Ae178B4a⟧",
        "⟦gl" + "pat-XyZ12345678901234567⟧",
        "curl -X POST https://ho"
            + "oks.slack.com/services/⟦T00000000/B00000000/XXXXXXXXabcd1234XXXXXXXX⟧",
        "https://di"
            + "scord.com/api/webhooks/⟦123456789012345678/abcDEF-ghiJKL_mnoPQR1234567890abcDEFghiJKLmnoPQRstuVWXyz1234567890ab⟧",
        "https://api.telegram.org/bot⟦123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawx⟧/sendMessage",
        "Twilio ⟦AC0123456789abcdef0123456789abcdef⟧ and auth token ⟦0123456789abcdef0123456789abcdef⟧",
        "SENDGRID=⟦SG" + ".ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr⟧",
        "mailgun ⟦key-3ax6xnjp29jd6fds4gc373sgvjxteol0⟧",
        "//registry.npmjs.org/:_authToken=⟦np" + "m_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789⟧",
        "pypi token ⟦py"
            + "pi-AgEIcHlwaS5vcmcCJDAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMAACKlszLCI⟧",
        "HF_TOKEN: ⟦hf" + "_AbCdEfGhIjKlMnOpQrStUvWxYz123456⟧",
        "databricks ⟦da" + "pi1234567890abcdef1234567890abcdef⟧",
        "⟦do" + "p_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef⟧",
        "⟦sh" + "pat_0123456789abcdef0123456789abcdef⟧",
        "square ⟦sq" + "0atp-AbCdEfGhIjKlMnOpQrSt12⟧",
        "PAYPAL_CLIENT_SECRET=⟦EGnHDxD_qRPdaLdZz8iCr8N7_MzF-YHPTkjs6NKYQvQSBngp4PTTVWkPZRbL⟧",
        "discord bot: ⟦MTAxMjM0NTY3ODkwMTIzNDU2Nw.GabcDE.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789Ab⟧",
        "HEROKU_API_KEY=⟦01234567-89ab-cdef-0123-456789abcdef⟧",
        "jira ⟦AT" + "ATT3xFfGF0AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefghijkl=1A2B3C4D⟧",
        "notion ⟦secret_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg⟧",
        "linear ⟦li" + "n_api_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcd⟧",
        "vault ⟦hv" + "s.CAESIJabcdefGHIJKL1234567890mnopqrSTUVWXyz⟧",
        "Authorization: Basic ⟦dXNlcjpwYXNzd29yZA==⟧",
        "Authorization: Bearer ⟦abcDEF1234567890ghiJKL⟧",
        "Authorization: Token ⟦9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b⟧",
        "X-Api-Key: ⟦a1b2c3d4e5f6g7h8i9j0⟧",
        "Cookie: sessionid=⟦38afes7a8b1c2d3e4f5g6h7i8j9k⟧; csrftoken=⟦u32t4o3tb3gg43b1c2d3e4f5g6h7i8j9⟧",
        "Set-Cookie: JSESSIONID=⟦5A9F1B2C3D4E5F60718293A4B5C6D7E8⟧; Path=/",
        "Cookie: PHPSESSID=⟦298zf09hf012fh2u32t4o3tb3gg⟧",
        "postgresql://⟦app:s3cr3tPw⟧@db.internal:5432/prod",
        "mongodb+srv://⟦admin:Pa55w0rd!⟧@cluster0.mongodb.net/db",
        "amqp://⟦guest:Rabb1t⟧@mq:5672/",
        "redis://⟦:p4ssw0rd⟧@cache:6379/0",
        "user:⟦Pa55w0rd⟧@tcp(127.0.0.1:3306)/app",
        "my password is ⟦swordfish⟧",
        "My password is ⟦Hunter2!⟧, please reset it.",
        "The wifi password is \"⟦correct horse battery⟧\".",
        "mein Passwort ist ⟦Geheim123⟧",
        "Mein Passwort lautet ⟦sommer2024⟧.",
        "mon mot de passe est ⟦Soleil!42⟧",
        "mi contrase\u00f1a es ⟦Verano2024⟧",
        "la mia password \u00e8 ⟦Estate2024!⟧",
        "minha senha \u00e9 ⟦Senha@123⟧",
        "mijn wachtwoord is ⟦Zomer2024!⟧",
        "moje has\u0142o to ⟦Lato2024!⟧",
        "passphrase is ⟦open-sesame-42!⟧",
        "pwd=⟦letmein⟧",
        "Password: ⟦letmein⟧",
        "user: admin, password: ⟦letmein1⟧",
        "login admin / password ⟦letmein1⟧",
        "creds: bob@example.com / ⟦Tr0ub4dor&3⟧",
        "bob@example.com:⟦Tr0ub4dor3⟧",
        "username bob_smith password ⟦Tr0ub4dor3⟧",
        "<password>⟦s3cr3t⟧</password>",
        "<add key=\"Password\" value=\"⟦s3cr3t!x⟧\"/>",
        "- name: DB_PASSWORD¶  value: \"⟦s3cr3t!x⟧\"",
        "{\"name\": \"DB_PASSWORD\", \"value\": \"⟦s3cr3t!x⟧\"}",
        "spring.datasource.password=⟦s3cr3tpw⟧",
        "db_pass: ⟦s3cr3tpw⟧",
        "SECRET_KEY = '⟦django-insecure-#8s$kd9!2lq@x_4z⟧'",
        "mysql -u root -p⟦S3cret⟧ app",
        "psql \"host=db user=app password=⟦s3cr3tpw⟧ dbname=x\"",
        "curl -u bob:⟦S3cret⟧ https://example.com",
        "sshpass -p '⟦S3cret⟧' ssh bob@host",
        "docker login -u bob -p ⟦S3cret⟧ registry.io",
        "redis-cli -h cache -a ⟦S3cretpw⟧",
        "mytool --password=⟦hunter2x⟧ --user bob",
        "mytool --password ⟦hunter2x⟧ --user bob",
        "mytool --token ⟦abc123def456ghi789⟧",
        "My PIN is ⟦4821⟧.",
        "PIN: ⟦4821⟧",
        "the OTP is ⟦482913⟧",
        "Your verification code is ⟦482913⟧",
        "Use ⟦482913⟧ as your verification code",
        "One-time code: ⟦482913⟧",
        "c\u00f3digo de verificaci\u00f3n: ⟦482913⟧",
        "Ihr Sicherheitscode lautet ⟦482913⟧",
        "CVV ⟦123⟧",
        "cvc: ⟦987⟧",
        "security code ⟦123⟧",
        "{\"private_key_id\": \"⟦0123456789abcdef0123456789abcdef01234567⟧\"}",
        "firebase: ⟦AI" + "zaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY⟧",
        "whsec ⟦whsec_AbCdEfGhIjKlMnOpQrStUvWxYz012345⟧",
        "⟦-----BEGIN OPENSSH PRIVATE KEY-----¶b3BlbnNzaC1rZXktdjEAAAAABG5vbmU¶-----END OPENSSH PRIVATE KEY-----⟧",
        "⟦-----BEGIN PGP PRIVATE KEY BLOCK-----¶Version: x¶¶lQOYBF2abc¶=abcd¶-----END PGP PRIVATE KEY BLOCK-----⟧",
        "api key ⟦a8f5f167f44f4964e6c998dee827110c⟧",
        "The API token is ⟦a8f5f167f44f4964e6c998dee827110c⟧",
        "secret: ⟦a8f5f167f44f4964e6c998dee827110c⟧",
        "client_secret: ⟦Zk8Q~abcDEF1234567890ghiJKLmnopqrSTUVwx⟧",
        "root:⟦$6$rounds=5000$abcDEFgh$0123456789abcdefghijABCDEFGHIJklmnopqrstuvwxyz⟧:19000:0",
        "wallet seed phrase: ⟦legal winner thank year wave sausage worth useful legal winner thank yellow⟧"
      })
  void detect_text_findsWhatIsMarked(String marked) {
    String lines = marked.replace('¶', '\n');
    assertThat(Marked.mark(RULES, Marked.plain(lines), EntityType.PASSWORD_OR_SECRET))
        .isEqualTo(lines);
  }
}
