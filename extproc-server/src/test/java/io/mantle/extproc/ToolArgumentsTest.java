package io.mantle.extproc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import io.mantle.extproc.scripted.Tenants;
import io.mantle.extproc.tenant.AnswerPolicy;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.privacy.rehydrate.RestorationPolicy;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Values go into what a tool is called with where the client declared the tool and the tenant does
 * not want it left: in each dialect's shapes, whole and streamed.
 */
class ToolArgumentsTest {
  private static final String MAIL = "jane.doe@corp.example";
  private static final TenantPolicy NARROWED =
      Tenants.answering(
          Tenants.acme(),
          new AnswerPolicy(
              RestorationPolicy.DEFAULT,
              Map.of("search", false, "stored", true),
              AnswerPolicy.Produced.PASS));

  /**
   * The request's shape of a declaration, and the answer's shape of a call to {@code TOOL} with
   * {@code MAIL}.
   */
  enum Shape {
    CHAT(
        "/v1/chat/completions",
        "{'type':'function','function':{'name':'NAME'}}",
        "{'choices':[{'message':{'tool_calls':[{'id':'c','type':'function',"
            + "'function':{'name':'TOOL','arguments':'{\\'to\\':\\'MAIL\\'}'}}]}}]}"),
    CHAT_LATER(
        "/v1/chat/completions",
        "{'type':'function','function':{'name':'NAME'}}",
        "data: {'choices':[{'index':0,'delta':{'tool_calls':[{'index':1,'id':'c',"
            + "'function':{'name':'TOOL','arguments':''}}]}}]}\n\n"
            + "data: {'choices':[{'index':0,'delta':{'tool_calls':[{'index':1,"
            + "'function':{'arguments':'{\\'to\\':\\'MAIL\\'}'}}]}}]}\n\n"
            + "data: [DONE]\n\n"),
    CHAT_CUSTOM(
        "/v1/chat/completions",
        "{'type':'custom','custom':{'name':'NAME'}}",
        "data: {'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'type':'custom',"
            + "'custom':{'name':'TOOL','input':'to '}}]}}]}\n\n"
            + "data: {'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,"
            + "'custom':{'input':'MAIL, now'}}]}}]}\n\n"
            + "data: [DONE]\n\n"),
    MESSAGES(
        "/v1/messages",
        "{'name':'NAME','input_schema':{'type':'object'}}",
        "{'content':[{'type':'tool_use','id':'t','name':'TOOL',"
            + "'input':{'to':'MAIL','name':'x','input':['https://evil.example/MAIL']}}]}"),
    MESSAGES_LATER(
        "/v1/messages",
        "{'name':'NAME','input_schema':{'type':'object'}}",
        "data: {'type':'content_block_start','index':3,"
            + "'content_block':{'type':'tool_use','id':'t','name':'TOOL','input':{}}}\n\n"
            + "data: {'type':'content_block_delta','index':3,"
            + "'delta':{'type':'input_json_delta','partial_json':'{\\'to\\':\\'MAIL\\'}'}}\n\n"
            + "data: {'type':'content_block_stop','index':3}\n\n"),
    RESPONSES(
        "/v1/responses",
        "{'type':'function','name':'NAME','parameters':{}}",
        "{'output':[{'type':'function_call','name':'TOOL','arguments':'{\\'to\\':\\'MAIL\\'}'}]}"),
    RESPONSES_LATER(
        "/v1/responses",
        "{'type':'function','name':'NAME','parameters':{}}",
        "data: {'type':'response.output_item.added','output_index':2,"
            + "'item':{'type':'function_call','name':'TOOL','arguments':''}}\n\n"
            + "data: {'type':'response.function_call_arguments.delta','output_index':2,"
            + "'delta':'{\\'to\\':\\'MAIL\\'}'}\n\n"
            + "data: {'type':'response.function_call_arguments.done','output_index':2,"
            + "'arguments':'{\\'to\\':\\'MAIL\\'}'}\n\n"),
    RESPONSES_CUSTOM(
        "/v1/responses",
        "{'type':'namespace','name':'all','tools':[{'type':'custom','name':'NAME'}]}",
        "data: {'type':'response.output_item.added','output_index':2,"
            + "'item':{'type':'custom_tool_call','name':'TOOL','input':''}}\n\n"
            + "data: {'type':'response.custom_tool_call_input.delta','output_index':2,"
            + "'delta':'see MAIL, now'}\n\n"
            + "data: {'type':'response.custom_tool_call_input.done','output_index':2,"
            + "'input':'see MAIL, now'}\n\n"),
    RESPONSES_MCP(
        "/v1/responses",
        "{'type':'mcp','server_label':'NAME','server_url':'https://mcp.example'}",
        "{'output':[{'type':'mcp_call','name':'lookup','server_label':'TOOL',"
            + "'arguments':'{\\'to\\':\\'MAIL\\'}'}]}"),
    RESPONSES_OWN(
        "/v1/responses",
        "{'type':'NAME_preview_2025_03_11'}",
        "{'output':[{'type':'TOOL_call','call_id':'c','action':{'type':'exec',"
            + "'commands':['mail MAIL'],'env':{'MAIL':'x'}}}]}"),
    RESPONSES_OWN_LATER(
        "/v1/responses",
        "{'type':'NAME'}",
        "data: {'type':'response.TOOL_call_command.delta','output_index':2,'command_index':0,"
            + "'delta':'mail MAIL -'}\n\n"
            + "data: {'type':'response.TOOL_call_command.done','output_index':2,"
            + "'command_index':0,'command':'mail MAIL -'}\n\n"
            + "data: {'type':'response.output_item.done','output_index':2,"
            + "'item':{'type':'TOOL_call','operation':{'diff':'MAIL'}}}\n\n");

    private final String path;
    private final String declaration;
    private final String call;

    Shape(String path, String declaration, String call) {
      this.path = path;
      this.declaration = declaration;
      this.call = call;
    }

    private String request(String tool) {
      String asks =
          path.equals("/v1/responses")
              ? "'input':'Mail MAIL'"
              : "'messages':[{'role':'user','content':'Mail MAIL'}]";
      String tools = "'tools':[" + declaration.replace("NAME", tool) + "]";
      return json("{'model':'m'," + asks + "," + tools + "}").replace("MAIL", MAIL);
    }

    private String answer(String tool, String mail) {
      return json(call).replace("TOOL", tool).replace("MAIL", mail);
    }

    private static String json(String singlyQuoted) {
      return singlyQuoted.replace("\\'", "\\\"").replace('\'', '"');
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mail, mail, true",
    "mail, other, false",
    "search, search, false",
    "mail, stored, true",
    "mail, '', false"
  })
  void arguments_ofATool_areRestoredWhereItIsDeclaredAndNotLeft(
      String declared, String called, boolean restored) throws Exception {
    for (Shape shape : Shape.values()) {
      Sent sent = Gateway.of(NARROWED).sendTo(shape.path, shape.request(declared));
      String surrogate = surrogate(sent.upstream());
      String answer = shape.answer(called, surrogate);
      String contentType = answer.startsWith("data") ? Sent.SSE : Sent.JSON;

      String expected = shape.answer(called, restored ? MAIL : surrogate);
      String got = sent.answer(contentType, answer);
      assertThat(got).as("%s", shape).isEqualTo(expected);
    }
  }

  @Test
  void arguments_ofAToolWhoseNameWasMasked_areKnown() throws Exception {
    Sent sent = Gateway.of().sendTo("/v1/chat/completions", Shape.CHAT.request(MAIL));
    String surrogate = surrogate(sent.upstream());

    assertThat(sent.answer(Sent.JSON, Shape.CHAT.answer(surrogate, surrogate)))
        .isEqualTo(Shape.CHAT.answer(MAIL, MAIL));
  }

  private static String surrogate(String upstream) {
    Matcher mail = Pattern.compile("Mail ([^\"]+)\"").matcher(upstream);
    assertThat(mail.find()).isTrue();
    assertThat(mail.group(1)).isNotEqualTo(MAIL);
    return mail.group(1);
  }
}
