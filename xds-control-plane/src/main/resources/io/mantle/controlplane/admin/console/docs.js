// The docs page: puts /openapi.json on the page as text, never as HTML.

const VERBS = ["get", "post", "put", "delete"];
const SCHEMA_DEPTH_MAX = 6;

const byId = (id) => document.getElementById(id);

let api = null;

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Text with `code` in it. */
function words(text) {
  return (text ?? "").split("`").map((part, i) => (i % 2 ? element("code", "", part) : part));
}

/** Text with **bold** and `code`, in paragraphs. */
function prose(text) {
  return (text ?? "")
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim())
    .map((paragraph) =>
      element("p", "", ...paragraph.split("**").flatMap((part, i) => (i % 2 ? [element("b", "", part)] : words(part)))),
    );
}

function resolve(node) {
  if (!node?.$ref) return node ?? {};
  const found = node.$ref
    .slice(2)
    .split("/")
    .reduce((at, step) => at?.[step.replaceAll("~1", "/").replaceAll("~0", "~")], api);
  return found ?? {};
}

function typeOf(schema) {
  if (schema.oneOf) return schema.oneOf.map((one) => typeOf(resolve(one))).join(" or ");
  if ("const" in schema) return JSON.stringify(schema.const);
  const type = [schema.type ?? "any"].flat().join(" or ");
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.type === "array") return "array of " + typeOf(resolve(schema.items));
  return schema.format ? type + ", " + schema.format : type;
}

function bounds(schema) {
  const said = [];
  if ("default" in schema) said.push("default " + JSON.stringify(schema.default));
  if ("minimum" in schema || "maximum" in schema) said.push((schema.minimum ?? "") + " to " + (schema.maximum ?? ""));
  if ("minLength" in schema || "maxLength" in schema) {
    said.push((schema.minLength ?? 0) + " to " + (schema.maxLength ?? "any number of") + " characters");
  }
  if ("maxItems" in schema) said.push("at most " + schema.maxItems);
  if (schema.examples) said.push("such as " + schema.examples[0]);
  return said.join("; ");
}

function fields(given, depth) {
  const schema = resolve(given);
  if (depth > SCHEMA_DEPTH_MAX) return [];
  if (schema.oneOf) return schema.oneOf.flatMap((one) => fields(one, depth));
  if (schema.type === "array") return fields(schema.items, depth);
  const listed = element("ul", "fields");
  for (const [name, value] of Object.entries(schema.properties ?? {})) {
    const field = resolve(value);
    const note = schema.required?.includes(name) ? "" : " (optional)";
    listed.append(
      element(
        "li",
        "",
        element("code", "", name),
        element("span", "type", " " + typeOf(field) + note + " "),
        ...words([field.description ?? "", bounds(field)].filter(Boolean).join(" · ")),
        ...fields(field, depth + 1),
      ),
    );
  }
  return listed.childElementCount ? [listed] : [];
}

function parameters(list) {
  const listed = element("ul", "fields");
  for (const given of list) {
    const parameter = resolve(given);
    const schema = resolve(parameter.schema);
    listed.append(
      element(
        "li",
        "",
        element("code", "", parameter.name),
        element("span", "type", " " + parameter.in + ", " + typeOf(schema) + (parameter.required ? " " : " (optional) ")),
        ...words([parameter.description ?? "", bounds(schema)].filter(Boolean).join(" · ")),
      ),
    );
  }
  return listed;
}

function content(described) {
  return Object.entries(described.content ?? {}).flatMap(([type, { schema }]) => [
    element("span", "type", " " + type),
    ...(type === "application/problem+json" ? [] : fields(schema, 0)),
  ]);
}

function details(path, verb, operation) {
  const body = element("div", "", ...prose(operation.description));
  const asked = [...(api.paths[path].parameters ?? []), ...(operation.parameters ?? [])];
  if (asked.length) body.append(element("h3", "", "Parameters"), parameters(asked));
  if (operation.requestBody) {
    body.append(element("h3", "", "Body"), ...content(resolve(operation.requestBody)));
  }
  body.append(element("h3", "", "Answers"));
  for (const [status, given] of Object.entries(operation.responses)) {
    const response = resolve(given);
    const headers = Object.keys(response.headers ?? {});
    body.append(
      element(
        "div",
        "",
        element("code", "", status),
        " ",
        ...words(response.description),
        ...(headers.length ? [element("span", "type", " with " + headers.join(", "))] : []),
        ...content(response),
      ),
    );
  }
  return body;
}

function shown(path, verb, operation) {
  const made = element(
    "details",
    "",
    element(
      "summary",
      "",
      element("span", "verb " + verb, verb.toUpperCase()),
      element("code", "", path),
      element("span", "hint", operation.summary ?? ""),
    ),
  );
  made.dataset.words = [verb, path, operation.summary, operation.description].join(" ").toLowerCase();
  // Made when it is opened: there are many, and each has much to say.
  made.addEventListener("toggle", () => made.append(details(path, verb, operation)), { once: true });
  return made;
}

function show() {
  byId("about").replaceChildren(...prose(api.info.description));
  for (const tag of api.tags) {
    const id = tag.name.toLowerCase().replaceAll(" ", "-");
    const part = element("section", "", element("h2", "", tag.name), ...prose(tag.description));
    part.id = id;
    for (const [path, item] of Object.entries(api.paths)) {
      for (const verb of VERBS) {
        if (item[verb]?.tags?.includes(tag.name)) part.append(shown(path, verb, item[verb]));
      }
    }
    const link = element("a", "", tag.name);
    link.href = "#" + id;
    byId("tags").append(link);
    byId("parts").append(part);
  }
}

byId("find").addEventListener("input", (event) => {
  const sought = event.target.value.trim().toLowerCase();
  for (const part of byId("parts").children) {
    let any = false;
    for (const operation of part.querySelectorAll("details")) {
      operation.hidden = !operation.dataset.words.includes(sought);
      any ||= !operation.hidden;
    }
    part.hidden = !any;
  }
});

try {
  const response = await fetch("/openapi.json", { credentials: "omit" });
  if (!response.ok) throw new Error();
  api = await response.json();
  show();
} catch {
  byId("problem").textContent = "The document could not be read; is the control plane there?";
}
