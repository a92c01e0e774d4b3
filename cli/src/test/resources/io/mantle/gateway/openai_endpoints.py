"""The official client on all endpoints but chat completions. Prints one JSON object: scenario -> what came of it."""

import json
import os

import openai

PROMPT = os.environ["PROMPT"]


def client(key="KEY"):
    return openai.OpenAI(base_url=os.environ["BASE_URL"], api_key=os.environ[key], max_retries=0, timeout=20)


def response_streamed(**more):
    with client("DEMO_KEY").responses.stream(model="demo", input=PROMPT, **more) as stream:
        events = list(stream)
        final = stream.get_final_response()
    numbers = [e.sequence_number for e in events]
    return {
        "text": final.output_text,
        "pieces": "".join(e.delta for e in events if e.type == "response.output_text.delta"),
        "in_order": numbers == sorted(set(numbers)),
    }


def tool_streamed():
    arguments, done = "", ""
    for event in client().responses.create(
        model="tools", input=PROMPT, stream=True, tools=[{"type": "function", "name": "send_mail", "parameters": {}}]
    ):
        if event.type == "response.function_call_arguments.delta":
            arguments += event.delta
        if event.type == "response.function_call_arguments.done":
            done = event.arguments
    return {"arguments": json.loads(arguments), "done": json.loads(done)}


def error(call):
    try:
        call()
        return {"raised": None}
    except openai.APIStatusError as e:
        return {"raised": type(e).__name__, "status": e.status_code, "code": e.code}


print(
    json.dumps(
        {
            "response": {"text": client("DEMO_KEY").responses.create(model="demo", input=PROMPT).output_text},
            "response_parts": {
                "text": client("DEMO_KEY")
                .responses.create(
                    model="demo", input=[{"role": "user", "content": [{"type": "input_text", "text": PROMPT}]}]
                )
                .output_text
            },
            "response_streamed": response_streamed(),
            "tool_streamed": tool_streamed(),
            "retrieved": client().responses.retrieve("resp_67ccd2bed1ec8190").id,
            "deleted": client().responses.delete("resp_67ccd2bed1ec8190") is None,
            "not_an_id": error(lambda: client().responses.retrieve("maria.garcia@nowhere.org")),
            "completion": {
                "text": client().completions.create(model="gpt-test", prompt=PROMPT).choices[0].text
            },
            "completion_streamed": {
                "text": "".join(
                    c.choices[0].text
                    for c in client().completions.create(model="gpt-test", prompt=PROMPT, stream=True)
                )
            },
            "embedding": client().embeddings.create(model="gpt-test", input=[PROMPT]).data[0].embedding,
            "model": client().models.retrieve("gpt-test").id,
            "no_model": error(lambda: client().models.retrieve("none")),
        }
    )
)
