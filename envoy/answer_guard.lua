-- Breaks an answer that ext_proc did not account for.
--
-- Were ext_proc's stream to end early and cleanly, Envoy would let the provider's bytes pass unrestored. So ext_proc
-- says with each of its answers how many bytes of body it has sent so far (dynamic metadata mantle.out, 0 with the
-- headers) and which was its last (mantle.end); what passes here beyond that is replaced.
--
-- Wrappers of Envoy's are dead after each chunk and must be fetched anew; an error in this script would let the answer
-- pass, so whatever may fail is called protected.
local INTERRUPTED = '{"error":{"message":"The gateway could not finish this answer.","type":"api_error","param":null,"code":"answer_interrupted"}}'

local function fetch_account(handle)
  return handle:streamInfo():dynamicMetadata():get("mantle")
end

local function account(handle)
  local fetched, mantle = pcall(fetch_account, handle)
  return fetched and mantle or {}
end

function envoy_on_response(handle)
  local headers = handle:headers()
  if headers:get("x-mantle-internal-local") ~= nil then -- Envoy's reply, or ext_proc's: our own words
    headers:remove("x-mantle-internal-local")
    return
  end

  local accounted = account(handle).out ~= nil
  local words = INTERRUPTED
  if not accounted then
    headers:replace(":status", "502")
    headers:replace("content-type", "application/json")
    headers:remove("content-length")
  elseif string.sub(headers:get("content-type") or "", 1, 17) == "text/event-stream" then
    words = "event: error\ndata: " .. INTERRUPTED .. "\n\n"
  end

  local passed, told, last = 0, false, nil
  for chunk in handle:bodyChunks() do
    last = chunk
    passed = passed + chunk:length()
    if accounted and chunk:length() > 0 then
      accounted = passed <= (account(handle).out or 0)
    end
    if not accounted then
      chunk:setBytes(told and "" or words)
      told = true
    end
  end
  if accounted and last ~= nil and account(handle)["end"] ~= true then
    last:setBytes(words)
  end
end
