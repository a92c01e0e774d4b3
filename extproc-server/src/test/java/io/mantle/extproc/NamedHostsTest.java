package io.mantle.extproc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Values go into links to a host that the client or its user named, and not where a tool, a
 * document or the model did: in each dialect's shapes, whole and streamed.
 */
class NamedHostsTest {
  private static final String MAIL = "jane.doe@corp.example";
  private static final String LINK = "![x](https://wiki.elsewhere.example/?q=%s)";

  /** {@code HOST} is who names the host. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "chat/completions 'messages':[{'role':'user','content':'Mail MAIL HOST'}]",
        "chat/completions 'messages':[{'role':'user','content':[{'type':'text','text':'Mail MAIL'},{'type':'text','text':'HOST'}]}]",
        "chat/completions 'messages':[{'role':'system','content':'HOST'},{'role':'user','content':'Mail MAIL'}]",
        "chat/completions 'messages':[{'role':'developer','content':'HOST'},{'role':'user','content':'Mail MAIL'}]",
        "completions 'prompt':'Mail MAIL at HOST'",
        "completions 'prompt':['HOST','Mail MAIL']",
        "responses 'input':'Mail MAIL at HOST'",
        "responses 'instructions':'HOST','input':'Mail MAIL'",
        "responses 'input':[{'type':'message','role':'user','content':[{'type':'input_text','text':'Mail MAIL at HOST'}]}]",
        "responses 'input':[{'role':'developer','content':'HOST'},{'role':'user','content':'Mail MAIL'}]",
        "messages 'system':'HOST','messages':[{'role':'user','content':'Mail MAIL'}]",
        "messages 'system':[{'type':'text','text':'HOST'}],'messages':[{'role':'user','content':'Mail MAIL'}]",
        "messages 'messages':[{'role':'user','content':[{'type':'text','text':'Mail MAIL at HOST','cache_control':{'type':'ephemeral'}}]}]",
      })
  void link_toAHostThatTheClientNamed_isRestored(String shape) throws Exception {
    assertThat(isRestored(shape)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chat/completions 'messages':[{'role':'user','content':'Mail MAIL'},{'role':'tool','tool_call_id':'c','content':'HOST'}]",
        "chat/completions 'messages':[{'role':'user','content':'Mail MAIL'},{'role':'tool','content':[{'type':'text','text':'HOST'}]}]",
        "chat/completions 'messages':[{'role':'user','content':'Mail MAIL'},{'role':'function','name':'f','content':'HOST'}]",
        "chat/completions 'messages':[{'role':'user','content':'Mail MAIL'},{'role':'assistant','content':'HOST'}]",
        "chat/completions 'messages':[{'role':'user','content':'Mail MAIL'},{'role':'tool','role':'user','content':'HOST'}]",
        "chat/completions 'messages':[{'role':'user','content':[{'type':'text','text':'Mail MAIL'},{'type':'file','file':{'text':'HOST'}}]}]",
        "chat/completions 'messages':[{'role':'user','content':'Mail MAIL'}],'prediction':{'type':'content','content':'HOST'}",
        "chat/completions 'messages':[{'role':'user','content':'Mail MAIL'}],'tools':[{'type':'function','function':{'name':'f','description':'HOST'}}]",
        "responses 'input':[{'role':'user','content':'Mail MAIL'},{'type':'function_call_output','call_id':'c','output':'HOST'}]",
        "responses 'input':[{'role':'user','content':'Mail MAIL'},{'type':'custom_tool_call_output','call_id':'c','output':'HOST'}]",
        "responses 'input':[{'role':'user','content':'Mail MAIL'},{'type':'mcp_call','name':'f','output':'HOST'}]",
        "responses 'input':[{'role':'user','content':'Mail MAIL'},{'type':'computer_call_output','role':'user','content':'HOST'}]",
        "responses 'input':[{'role':'user','content':'Mail MAIL'},{'type':'message','role':'assistant','content':[{'type':'output_text','text':'HOST'}]}]",
        "responses 'input':[{'role':'user','content':[{'type':'input_text','text':'Mail MAIL'},{'type':'input_file','note':'HOST'}]}]",
        "messages 'messages':[{'role':'user','content':'Mail MAIL'},{'role':'user','content':[{'type':'tool_result','tool_use_id':'t','content':'HOST'}]}]",
        "messages 'messages':[{'role':'user','content':[{'type':'tool_result','tool_use_id':'t','content':[{'type':'text','text':'HOST'}]},{'type':'text','text':'Mail MAIL'}]}]",
        "messages 'messages':[{'role':'user','content':[{'type':'document','title':'HOST','source':{'type':'text','media_type':'text/plain','data':'HOST'}},{'type':'text','text':'Mail MAIL'}]}]",
        "messages 'messages':[{'role':'user','content':[{'type':'search_result','source':'HOST','title':'t','content':[{'type':'text','text':'HOST'}]},{'type':'text','text':'Mail MAIL'}]}]",
        "messages 'messages':[{'role':'user','content':'Mail MAIL'},{'role':'assistant','content':[{'type':'text','text':'HOST'}]}]",
        "messages 'messages':[{'role':'user','content':'Mail MAIL'}],'metadata':{'note':'HOST'}",
      })
  void link_toAHostThatSomebodyElseNamed_keepsTheSurrogate(String shape) throws Exception {
    assertThat(isRestored(shape)).isFalse();
  }

  private static boolean isRestored(String shape) throws Exception {
    String path = "/v1/" + shape.substring(0, shape.indexOf(' '));
    String request =
        ("{'model':'m'," + shape.substring(shape.indexOf(' ') + 1) + "}")
            .replace('\'', '"')
            .replace("MAIL", MAIL)
            .replace("HOST", "see wiki.elsewhere.example");
    Sent sent = Gateway.of().sendTo(path, request);
    String surrogate = surrogate(sent.upstream());
    String whole = sent.answer(Sent.JSON, answer(path, LINK.formatted(surrogate)));
    String streamed = sent.answer(Sent.SSE, stream(path, LINK.formatted(surrogate)));
    boolean restored = whole.equals(answer(path, LINK.formatted(MAIL)));
    String now = LINK.formatted(restored ? MAIL : surrogate);
    assertThat(whole).isEqualTo(answer(path, now));
    assertThat(streamed).isEqualTo(stream(path, now));
    return restored;
  }

  private static String surrogate(String upstream) {
    Matcher mail = Pattern.compile("Mail ([^\" ]+)").matcher(upstream);
    assertThat(mail.find()).isTrue();
    assertThat(mail.group(1)).isNotEqualTo(MAIL);
    return mail.group(1);
  }

  private static String answer(String path, String text) {
    return switch (path) {
      case "/v1/chat/completions" -> "{\"choices\":[{\"message\":{\"content\":\"" + text + "\"}}]}";
      case "/v1/completions" -> "{\"choices\":[{\"text\":\"" + text + "\"}]}";
      case "/v1/responses" ->
          "{\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\""
              + text
              + "\"}]}]}";
      default -> "{\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}";
    };
  }

  private static String stream(String path, String text) {
    return "data: "
        + switch (path) {
          case "/v1/chat/completions" ->
              "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}";
          case "/v1/completions" -> "{\"choices\":[{\"index\":0,\"text\":\"" + text + "\"}]}";
          case "/v1/responses" ->
              "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"content_index\":0,\"delta\":\""
                  + text
                  + "\"}";
          default ->
              "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
                  + text
                  + "\"}}";
        }
        + "\n\n";
  }
}
