// The official client on all endpoints but chat completions. Prints one JSON object: scenario -> what came of it.
import OpenAI from "openai";

const PROMPT = process.env.PROMPT;
const client = (key = "KEY") =>
  new OpenAI({ baseURL: process.env.BASE_URL, apiKey: process.env[key], maxRetries: 0, timeout: 20_000 });

async function responseStreamed() {
  const stream = client("DEMO_KEY").responses.stream({ model: "demo", input: PROMPT });
  const events = [];
  for await (const event of stream) events.push(event);
  const numbers = events.map((event) => event.sequence_number);
  return {
    text: (await stream.finalResponse()).output_text,
    pieces: events
      .filter((event) => event.type === "response.output_text.delta")
      .map((event) => event.delta)
      .join(""),
    in_order: numbers.every((number, i) => i === 0 || number > numbers[i - 1]),
  };
}

async function toolStreamed() {
  const request = { model: "tools", input: PROMPT, tools: [{ type: "function", name: "send_mail", parameters: {} }] };
  let text = "";
  let done = "";
  for await (const event of await client().responses.create({ ...request, stream: true })) {
    if (event.type === "response.function_call_arguments.delta") text += event.delta;
    if (event.type === "response.function_call_arguments.done") done = event.arguments;
  }
  return { arguments: JSON.parse(text), done: JSON.parse(done) };
}

async function completionStreamed() {
  let text = "";
  for await (const chunk of await client().completions.create({ model: "gpt-test", prompt: PROMPT, stream: true })) {
    text += chunk.choices[0].text;
  }
  return { text };
}

const respond = async (input) => ({
  text: (await client("DEMO_KEY").responses.create({ model: "demo", input })).output_text,
});

async function error(call) {
  try {
    await call();
    return { raised: null };
  } catch (e) {
    return { raised: e.constructor.name, status: e.status, code: e.code };
  }
}

console.log(
  JSON.stringify({
    response: await respond(PROMPT),
    response_parts: await respond([{ role: "user", content: [{ type: "input_text", text: PROMPT }] }]),
    response_streamed: await responseStreamed(),
    tool_streamed: await toolStreamed(),
    retrieved: (await client().responses.retrieve("resp_67ccd2bed1ec8190")).id,
    deleted: (await client().responses.delete("resp_67ccd2bed1ec8190").asResponse()).ok,
    not_an_id: await error(() => client().responses.retrieve("maria.garcia@nowhere.org")),
    completion: {
      text: (await client().completions.create({ model: "gpt-test", prompt: PROMPT })).choices[0].text,
    },
    completion_streamed: await completionStreamed(),
    embedding: (
      await client().embeddings.create({ model: "gpt-test", input: [PROMPT], encoding_format: "float" })
    ).data[0].embedding,
    model: (await client().models.retrieve("gpt-test")).id,
    no_model: await error(() => client().models.retrieve("none")),
  }),
);
