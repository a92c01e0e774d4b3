package io.mantle.extproc.limit;

/**
 * What Redis runs, each as one step, by its own clock. A window is a hash: {@code h} is the latest
 * slot, {@code n} what is taken, and a field for each slot what was taken in it; as in {@link
 * SlidingWindow}. A stream is a member of a sorted set, scored by when its lease ends. What is to
 * be settled has a record, the slots in which was taken, for a day, which is the longest span: so
 * each script may come twice, and ADMIT later than what undoes it. Fair shares are those of {@link
 * FairShare}. All keys of a tenant have one hash tag, so a cluster keeps them together.
 */
final class LimitScripts {
  private static final String WINDOWS =
      """
      local time = redis.call('TIME')
      local now = time[1] * 1000000 + time[2]
      local slots, totals = {}, {}
      local function advance(i, span)
        local key = KEYS[i]
        local slot = math.floor(now / (span / 127))
        local head, total = unpack(redis.call('HMGET', key, 'h', 'n'))
        head, total = tonumber(head), tonumber(total or '0')
        if head and slot - head >= 128 then
          redis.call('DEL', key)
          total = 0
        elseif head and slot > head then
          local gone = {}
          for s = head + 1, slot do gone[#gone + 1] = s % 128 end
          for _, count in ipairs(redis.call('HMGET', key, unpack(gone))) do
            if count then total = total - tonumber(count) end
          end
          redis.call('HDEL', key, unpack(gone))
          redis.call('HSET', key, 'h', slot, 'n', total)
        elseif head then
          slot = head
        end
        slots[i], totals[i] = slot, total
      end
      local function take(i, span, amount)
        redis.call('HINCRBY', KEYS[i], slots[i] % 128, amount)
        totals[i] = totals[i] + amount
        redis.call('HSET', KEYS[i], 'h', slots[i], 'n', totals[i])
        redis.call('PEXPIRE', KEYS[i], math.ceil(span / 1000) + 1000)
      end
      """;

  /**
   * Keys: windows, then one set of active keys, then sets of streams, then the record where there
   * is something to settle. Arguments: how many windows, the key's id where fair shares matter, the
   * stream's name, milliseconds of its lease, how many sets of streams; for each window its limit
   * (-1 for none), its span in microseconds, the amount, and where the key's part is counted (0 for
   * nowhere); for each set of streams its limit. Returns which of windows and sets refused (0:
   * none), microseconds to wait, then of each window what is taken. An error, and nothing is taken,
   * where it was undone before; what was taken already is not taken again.
   */
  static final String ADMIT =
      WINDOWS
          + """
      local n, m = tonumber(ARGV[1]), tonumber(ARGV[5])
      local record = KEYS[n + m + 2]
      local held = record and redis.call('GET', record)
      if held == 'undone' then return redis.error_reply('UNDONE nobody waits for the answer') end
      local function arg(i, j) return tonumber(ARGV[5 + (i - 1) * 4 + j]) end
      local function wait(i, need)
        local counts = {}
        local all = redis.call('HGETALL', KEYS[i])
        for f = 1, #all, 2 do counts[all[f]] = tonumber(all[f + 1]) end
        local freed, width = 0, arg(i, 2) / 127
        for s = slots[i] - 127, slots[i] do
          freed = freed + (counts[string.format('%.0f', s % 128)] or 0)
          if freed >= need then return math.max(0, (s + 128) * width - now) end
        end
        return arg(i, 2)
      end
      local active = 1
      if ARGV[2] ~= '' then
        redis.call('ZREMRANGEBYSCORE', KEYS[n + 1], '-inf', now - 60000000)
        redis.call('ZADD', KEYS[n + 1], now, ARGV[2])
        redis.call('PEXPIRE', KEYS[n + 1], 61000)
        active = redis.call('ZCARD', KEYS[n + 1])
      end
      local refused, longest = 0, -1
      for i = 1, n do
        local limit, amount, part = arg(i, 1), arg(i, 3), arg(i, 4)
        advance(i, arg(i, 2))
        if limit >= 0 and not held then
          local waits = -1
          local over = totals[i] + amount - limit
          if over > 0 then
            waits = wait(i, over)
          elseif part > 0 and active > 1 then
            local others = math.max(0, totals[i] - totals[part])
            local share = math.ceil(limit / active)
            local kept = math.min(math.floor(limit / 10) + math.floor(others / 2), math.max(0, limit - share - others))
            local beyond = math.min(totals[part] + amount - share, totals[i] + amount - (limit - kept))
            if beyond > 0 then waits = wait(part, beyond) end
          end
          if waits > longest then refused, longest = i, waits end
        end
      end
      for j = 1, m do
        local key = KEYS[n + 1 + j]
        redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
        if refused == 0 and not held and redis.call('ZCARD', key) >= tonumber(ARGV[5 + n * 4 + j]) then
          refused, longest = n + j, 1000000
        end
      end
      if refused == 0 and not held then
        for i = 1, n do take(i, arg(i, 2), arg(i, 3)) end
        for j = 1, m do
          redis.call('ZADD', KEYS[n + 1 + j], now + ARGV[4] * 1000, ARGV[3])
          redis.call('PEXPIRE', KEYS[n + 1 + j], ARGV[4])
        end
        if record then redis.call('SET', record, table.concat(slots, ' '), 'PX', 86400000) end
      end
      local answer = {refused, math.ceil(longest)}
      for i = 1, n do answer[2 + i] = totals[i] end
      return answer
      """;

  /**
   * Keys: windows of tokens, then sets of streams, then the record. Arguments: how many windows,
   * the stream's name, for how many milliseconds an ADMIT that comes later takes nothing (0 where
   * it has answered); for each window its place among those of ADMIT, its span in microseconds, and
   * what is to be added.
   */
  static final String SETTLE =
      WINDOWS
          + """
      local n, record = tonumber(ARGV[1]), KEYS[#KEYS]
      local held, taken = redis.call('GET', record), {}
      if held and held ~= 'undone' then
        for slot in string.gmatch(held, '%d+') do taken[#taken + 1] = tonumber(slot) end
        redis.call('DEL', record)
        for i = 1, n do
          local slot, span, more = taken[tonumber(ARGV[1 + 3 * i])], tonumber(ARGV[2 + 3 * i]), tonumber(ARGV[3 + 3 * i])
          advance(i, span)
          if more > 0 then
            take(i, span, more)
          elseif more < 0 and slots[i] - slot < 128 and redis.call('HEXISTS', KEYS[i], slot % 128) == 1 then
            redis.call('HINCRBY', KEYS[i], slot % 128, more)
            redis.call('HSET', KEYS[i], 'n', totals[i] + more)
          end
        end
      end
      for j = n + 1, #KEYS - 1 do redis.call('ZREM', KEYS[j], ARGV[2]) end
      if ARGV[3] ~= '0' then redis.call('SET', record, 'undone', 'PX', ARGV[3]) end
      return 0
      """;

  /**
   * Keys: sets of streams, then the record, without which the stream has ended. Arguments: the
   * stream's name, milliseconds of its lease.
   */
  static final String RENEW =
      """
      if redis.call('PEXPIRE', KEYS[#KEYS], 86400000) == 0 then return 0 end
      local time = redis.call('TIME')
      local now = time[1] * 1000000 + time[2]
      for j = 1, #KEYS - 1 do
        redis.call('ZADD', KEYS[j], now + ARGV[2] * 1000, ARGV[1])
        redis.call('PEXPIRE', KEYS[j], ARGV[2])
      end
      return 1
      """;

  private LimitScripts() {}
}
