-- Gives an attempt to reach one provider of several what is that provider's own: path, credential, and the model's name
-- where it calls it otherwise.
--
-- The filter before has written into x-mantle-internal-endpoint which attempt this is and whom it goes to, from the
-- chosen endpoint's metadata, and has taken off the credential of the attempt before. What ext_proc approved stands in
-- the exchange's dynamic metadata: mantle.attempts, a table for each endpoint, in order, how long the body is and where
-- the model stands in it. Headers are as the attempt before left them, the body is as ext_proc left it. Without that, or where the two disagree about the endpoint, nothing is sent: an error in this script would
-- let the request pass, so all of it is called protected.
local function prepare(handle)
  local headers = handle:headers()
  local number, endpoint = string.match(headers:get("x-mantle-internal-endpoint"), "^(%d+) (%S+)$")
  local mantle = handle:streamInfo():dynamicMetadata():get("mantle")
  local attempt = mantle["attempts"][tonumber(number) + 1]
  assert(attempt["endpoint"] == endpoint)

  local length = mantle["body_length"]
  local model = attempt["model"]
  if model ~= nil then
    local body = handle:body() -- waits for all of it
    headers = handle:headers()
    local bytes = body:getBytes(0, body:length())
    length = body:setBytes(
      string.sub(bytes, 1, mantle["model_start"]) .. model .. string.sub(bytes, mantle["model_end"] + 1))
  end

  headers:replace("content-length", string.format("%d", length))
  headers:replace(":path", attempt["path"])
  if attempt["credential_header"] ~= nil then
    headers:replace(attempt["credential_header"], attempt["credential"])
  end
end

function envoy_on_request(handle)
  if not pcall(prepare, handle) then
    handle:respond({[":status"] = "503"}, "")
  end
end
