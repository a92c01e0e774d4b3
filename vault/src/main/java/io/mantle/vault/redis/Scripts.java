package io.mantle.vault.redis;

/**
 * What Redis does in one step. Each script touches one key, so each runs on the one node of a
 * cluster that has it.
 *
 * <p>A conversation is a hash: {@code root}, {@code bytes} (of its entries and subjects, with
 * names), {@code subjects} (16 bytes each), {@code prefix} (how the root begins, as they list it),
 * {@code listed} (when all of them were last told to list it), and the entries under their names,
 * which hold a colon. A subject is a sorted set: the conversations that are about it, by when they
 * will surely have expired.
 */
final class Scripts {
  /** Key: the tenant. Arguments: the record expected, the new one. */
  static final String REPLACE_TENANT =
      """
      if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
      redis.call('SET', KEYS[1], ARGV[2])
      return 1
      """;

  /** Key: the tenant, or what is to be had once. Returns what was deleted. */
  static final String TAKE =
      """
      local was = redis.call('GET', KEYS[1])
      redis.call('DEL', KEYS[1])
      return was
      """;

  /**
   * Key: the conversation. Arguments: the root, the stale root or nothing, milliseconds to live.
   */
  static final String BEGIN =
      """
      local root = redis.call('HGET', KEYS[1], 'root')
      if root and root ~= ARGV[2] then return root end
      redis.call('DEL', KEYS[1])
      redis.call('HSET', KEYS[1], 'root', ARGV[1])
      redis.call('PEXPIRE', KEYS[1], ARGV[3])
      return ARGV[1]
      """;

  /** Key: the conversation. Arguments: the root expected, the new one. */
  static final String REPLACE_ROOT =
      """
      if redis.call('HGET', KEYS[1], 'root') ~= ARGV[1] then return 0 end
      redis.call('HSET', KEYS[1], 'root', ARGV[2])
      return 1
      """;

  /**
   * Key: the conversation. Arguments: how its root begins, bytes at most, milliseconds to live,
   * names of subjects, the time, then names and entries. Returns what became of them: 0 added, 1
   * full, 2 gone.
   */
  static final String ADD =
      """
      local root = redis.call('HGET', KEYS[1], 'root')
      if not root or string.sub(root, 1, #ARGV[1]) ~= ARGV[1] then return 2 end
      local bytes = tonumber(redis.call('HGET', KEYS[1], 'bytes') or '0')
      bytes = bytes + #ARGV[4]
      for i = 6, #ARGV, 2 do
        local there = redis.call('HSTRLEN', KEYS[1], ARGV[i])
        if there > 0 then bytes = bytes - #ARGV[i] - there end
        bytes = bytes + #ARGV[i] + #ARGV[i + 1]
      end
      if bytes > tonumber(ARGV[2]) then return 1 end
      for i = 6, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
      if ARGV[4] ~= '' then
        local subjects = redis.call('HGET', KEYS[1], 'subjects') or ''
        redis.call('HSET', KEYS[1], 'subjects', subjects .. ARGV[4])
        redis.call('HSETNX', KEYS[1], 'prefix', ARGV[1])
        redis.call('HSETNX', KEYS[1], 'listed', ARGV[5])
      end
      redis.call('HSET', KEYS[1], 'bytes', tostring(bytes))
      redis.call('PEXPIRE', KEYS[1], ARGV[3])
      return 0
      """;

  /**
   * Key: the conversation. Argument: how its root begins, else it is left alone. Returns its root
   * and, where it has subjects, these and how they list it; or nothing.
   */
  static final String TAKE_CONVERSATION =
      """
      local root = redis.call('HGET', KEYS[1], 'root')
      if root and string.sub(root, 1, #ARGV[1]) ~= ARGV[1] then return {} end
      local taken = redis.call('HMGET', KEYS[1], 'root', 'subjects', 'prefix')
      redis.call('UNLINK', KEYS[1])
      if not root then return {} end
      return taken[2] and taken or {root}
      """;

  /** Key: a subject. Arguments: a conversation, milliseconds that it is listed. */
  static final String LIST =
      """
      local time = redis.call('TIME')
      local now = time[1] * 1000 + math.floor(time[2] / 1000)
      redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
      redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
      redis.call('PEXPIRE', KEYS[1], ARGV[2])
      return 0
      """;

  /** Key: the conversation. Arguments: its root, the time. */
  static final String LISTED =
      """
      if redis.call('HGET', KEYS[1], 'root') ~= ARGV[1] then return 0 end
      redis.call('HSET', KEYS[1], 'listed', ARGV[2])
      return 1
      """;

  private Scripts() {}
}
