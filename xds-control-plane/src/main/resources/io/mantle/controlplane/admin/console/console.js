// The console: signs in, previews a policy, shows the Envoys. Tokens are kept in this module's variables and nowhere
// else; what the server says is put on the page as text, never as HTML.

const API = "/api/v1";
const TENANTS_SHOWN_MAX = 1000;

let token = null;
let refreshToken = null;
/** Counts sign-outs: an answer to somebody who has left is not shown to who comes next. */
let sessions = 0;

const byId = (id) => document.getElementById(id);

/** An answer that is no success; its message is the problem's detail. */
class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function send(method, path, body, bearer) {
  const headers = {};
  if (bearer) headers["Authorization"] = "Bearer " + bearer;
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(API + path, {
      method,
      headers,
      body: body ? JSON.stringify(body) : undefined,
      credentials: "omit",
      cache: "no-store",
    });
  } catch {
    throw new Refused(0, "The control plane does not answer.");
  }
  const text = await response.text();
  let json = null;
  try {
    json = text ? JSON.parse(text) : null;
  } catch {
    throw new Refused(response.status, "The answer is not JSON; is this the control plane?");
  }
  if (!response.ok) throw new Refused(response.status, json?.detail ?? "The request was refused.");
  return json;
}

let renewing = null;

/** Renews the session once for however many requests found it ended: a refresh token used twice ends the session. */
function renew() {
  const asked = sessions;
  renewing ??= send("POST", "/auth/refresh", { refresh_token: refreshToken })
    .then((session) => {
      if (asked !== sessions) throw new Refused(0, ""); // signed out meanwhile
      token = session.token;
      refreshToken = session.refresh_token;
    })
    .finally(() => {
      renewing = null;
    });
  return renewing;
}

async function ask(method, path, body) {
  const asked = sessions;
  const answer = await askOrRenew(method, path, body, asked);
  if (asked !== sessions) throw new Refused(0, "");
  return answer;
}

async function askOrRenew(method, path, body, asked) {
  try {
    return await send(method, path, body, token);
  } catch (refused) {
    if (asked !== sessions) throw new Refused(0, "");
    if (refused.status !== 401) throw refused;
    if (!refreshToken) {
      leave("The token is not valid, or not any more.");
      throw refused;
    }
  }
  try {
    await renew();
  } catch (refused) {
    if (refused.status === 401 && asked === sessions) leave("The session has ended; sign in again.");
    throw refused;
  }
  return send(method, path, body, token);
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function row(cells) {
  const tr = element("tr");
  tr.append(...cells.map((cell) => element("td", cell)));
  return tr;
}

/** Runs what a form or button asks for: once at a time, and says what went wrong. */
async function attempt(button, problem, work) {
  byId(problem).textContent = "";
  button.disabled = true;
  try {
    await work();
  } catch (failed) {
    byId(problem).textContent = failed instanceof Refused ? failed.message : "The page failed: " + failed.name;
  } finally {
    button.disabled = false;
  }
}

async function tenants() {
  const ids = [];
  let after = "";
  do {
    const page = await ask("GET", "/tenants?limit=200" + (after && "&after=" + encodeURIComponent(after)));
    page.data.forEach((tenant) => ids.push([tenant.id, tenant.name]));
    after = page.next ?? "";
  } while (after && ids.length < TENANTS_SHOWN_MAX);
  return ids;
}

async function enter(name) {
  const choices = await tenants();
  const select = byId("preview-form").elements.tenant;
  select.length = 1;
  choices.forEach(([id, label]) => select.add(new Option(label + " (" + id + ")", id)));
  if (choices.length > 0) select.selectedIndex = 1;
  byId("who-name").textContent = name;
  show(true);
  await attempt(byId("envoys-again"), "envoys-problem", envoys);
}

function leave(why) {
  sessions++;
  token = null;
  refreshToken = null;
  ["login", "paste", "preview-form"].forEach((form) => byId(form).reset());
  byId("preview-form").elements.tenant.length = 1;
  ["found", "masked", "spans", "envoy-rows"].forEach((id) => byId(id).replaceChildren());
  ["who-name", "preview-problem", "envoys-note", "envoys-problem"].forEach((id) => (byId(id).textContent = ""));
  byId("result").hidden = true;
  byId("sign-in-problem").textContent = why;
  show(false);
}

function show(signedIn) {
  byId("sign-in").hidden = signedIn;
  byId("who").hidden = !signedIn;
  byId("preview").hidden = !signedIn;
  byId("envoys").hidden = !signedIn;
}

/** The text with its spans marked: as it was, or with what takes their place. Offsets are code points. */
function marked(codePoints, spans, masked) {
  const parts = [];
  let done = 0;
  for (const span of spans) {
    parts.push(codePoints.slice(done, span.start).join(""));
    const original = codePoints.slice(span.start, span.end).join("");
    const mark = element("mark", masked ? (span.replacement ?? original) : original, span.action);
    mark.title = span.type + ", " + span.action;
    parts.push(mark);
    done = span.end;
  }
  parts.push(codePoints.slice(done).join(""));
  return parts;
}

async function preview(form) {
  byId("result").hidden = true;
  const text = form.elements.text.value;
  const tenant = form.elements.tenant.value;
  const answer = await ask("POST", "/privacy/preview", tenant ? { text, tenant } : { text });
  const codePoints = Array.from(text);
  byId("found").replaceChildren(...marked(codePoints, answer.spans, false));
  if (answer.masked_text === null) {
    byId("masked").replaceChildren("Nothing: the policy blocks this request.");
  } else {
    byId("masked").replaceChildren(...marked(codePoints, answer.spans, true));
  }
  byId("spans").replaceChildren(
    ...answer.spans.map((span) =>
      row([span.type, span.start, span.end, span.score, span.action, span.replacement ?? ""]),
    ),
  );
  const notes = ["Each preview has surrogates of its own."];
  if (answer.mode === "detect_only") notes.push("This policy only observes: requests leave as they are.");
  if (answer.deep_tier_left_out) notes.push("The policy asks for the deep tier, which is not part of a preview.");
  byId("result-note").textContent = notes.join(" ");
  byId("result").hidden = false;
}

async function envoys() {
  byId("envoys-table").hidden = true;
  byId("envoys-note").textContent = "";
  let status;
  try {
    status = await ask("GET", "/envoy/status");
  } catch (refused) {
    if (refused.status !== 403) throw refused;
    byId("envoys-note").textContent = "Which Envoys are connected is for a platform admin to see.";
    return;
  }
  byId("envoys-note").textContent = status.envoys.length === 0 ? "No Envoy has connected yet." : "";
  byId("envoy-rows").replaceChildren(
    ...status.envoys.map((envoy) =>
      row([
        envoy.node_id,
        (envoy.connected ? "since " : "no; last ") + envoy.connected_at,
        envoy.time_to_effect_ms === null ? "" : envoy.time_to_effect_ms + " ms",
        Object.entries(envoy.acked_versions)
          .map(([type, version]) => type + " " + version)
          .join(", "),
        envoy.last_nack ? envoy.last_nack.at + " " + envoy.last_nack.type + ": " + envoy.last_nack.reason : "",
      ]),
    ),
  );
  byId("envoys-table").hidden = status.envoys.length === 0;
}

function onSubmit(id, problem, work) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    attempt(form.querySelector("button"), problem, () => work(form));
  });
}

onSubmit("login", "sign-in-problem", async (form) => {
  const email = form.elements.email.value;
  const session = await send("POST", "/auth/login", { email, password: form.elements.password.value });
  token = session.token;
  refreshToken = session.refresh_token;
  form.reset();
  await enter(email);
});

onSubmit("paste", "sign-in-problem", async (form) => {
  token = form.elements.token.value.trim();
  refreshToken = null;
  form.reset();
  await enter("with a token");
});

onSubmit("preview-form", "preview-problem", preview);

byId("envoys-again").addEventListener("click", (event) =>
  attempt(event.currentTarget, "envoys-problem", envoys),
);

byId("sign-out").addEventListener("click", () => {
  const ended = refreshToken;
  leave("");
  if (ended) send("POST", "/auth/logout", { refresh_token: ended }).catch(() => {});
});
