package io.mantle.extproc.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import io.mantle.extproc.scripted.Tenants;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Header;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Within a conversation a value keeps its surrogate; beyond it nobody can tell. */
class ConversationScopeTest {
  private static final TenantPolicy ACME =
      Tenants.tenant("acme", 1, Tenants.defaultPrivacy(), Tenants.KEY, "sk-mantle-acme-2");
  private static final TenantPolicy OTHER =
      Tenants.tenant("other", 2, Tenants.defaultPrivacy(), "sk-mantle-other");
  private static final Gateway GATEWAY = Gateway.of(ACME, OTHER);

  private static final String OPENING =
      "{\"role\":\"system\",\"content\":\"Be kind.\"},"
          + "{\"role\":\"user\",\"content\":\"Mail jane.doe@corp.example\"}";
  private static final String NEXT =
      ",{\"role\":\"assistant\",\"content\":\"Done.\"},"
          + "{\"role\":\"user\",\"content\":\"And bob@corp.example\"}";

  @Test
  void turns_sameOpening_keepTheirSurrogates() throws Exception {
    Sent first = send(OPENING, "");
    Sent second = send(OPENING + NEXT, "");
    assertThat(mail(second)).isEqualTo(mail(first));
    assertThat(conversation(second)).isEqualTo(conversation(first));
  }

  @Test
  void conversations_otherOpening_differ() throws Exception {
    assertThat(mail(send(OPENING.replace("kind", "firm"), "")))
        .isNotEqualTo(mail(send(OPENING, "")));
  }

  @Test
  void conversations_otherUser_differ() throws Exception {
    String none = mail(send(OPENING, ""));
    String one = mail(send(OPENING, ",\"user\":\"u1\""));
    String two = mail(send(OPENING, ",\"user\":\"u2\""));
    String three = mail(send(OPENING, ",\"metadata\":{\"user_id\":\"u1\"}"));
    assertThat(new String[] {none, one, two, three}).doesNotHaveDuplicates();
  }

  @Test
  void conversations_otherKeyOrTenant_differ() throws Exception {
    String first = mail(send(OPENING, ""));
    String second = mail(send(OPENING, "", bearer("sk-mantle-acme-2")));
    String third = mail(send(OPENING, "", bearer("sk-mantle-other")));
    assertThat(new String[] {first, second, third}).doesNotHaveDuplicates();
  }

  @Test
  void conversation_named_spansOpeningsAndKeysOfOneTenant() throws Exception {
    Header named = new Header("x-privacy-gateway-conversation", "case-7");
    Sent first = send(OPENING, "", named);
    Sent second =
        send(
            "{\"role\":\"user\",\"content\":\"jane.doe@corp.example again\"}",
            ",\"user\":\"u1\"",
            named,
            bearer("sk-mantle-acme-2"));
    assertThat(mail(second)).isEqualTo(mail(first));
    assertThat(conversation(second)).isEqualTo("case-7");
    assertThat(mail(send(OPENING, "", named, bearer("sk-mantle-other")))).isNotEqualTo(mail(first));
    assertThat(mail(send(OPENING, ""))).isNotEqualTo(mail(first));
  }

  @Test
  void conversation_unnamed_saysNothingOfItsOpening() throws Exception {
    assertThat(conversation(send(OPENING, ""))).matches("[0-9a-f]{32}");
  }

  private static Sent send(String messages, String more, Header... headers) throws Exception {
    return GATEWAY.send("{\"model\":\"m\",\"messages\":[" + messages + "]" + more + "}", headers);
  }

  private static Header bearer(String key) {
    return new Header("authorization", "Bearer " + key);
  }

  private static String conversation(Sent sent) {
    return sent.departure().call().conversation();
  }

  /** The first e-mail address that left. */
  private static String mail(Sent sent) {
    Matcher mail = Pattern.compile("[a-z0-9._-]+@[a-z0-9.-]+").matcher(sent.upstream());
    assertThat(mail.find()).isTrue();
    return mail.group();
  }
}
