package io.mantle.vault.redis;

/**
 * What Redis does in one step. Each script touches one key, so each runs on the one node of a
 * cluster that has it.
 *
 * <p>A conversation is a hash: {@code root}, {@code bytes} (of its entries, with their names), and
 * the entries under their names, which hold a colon.
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
   * then names and entries. Returns what became of them: 0 added, 1 full, 2 gone.
   */
  static final String ADD =
      """
      local root = redis.call('HGET', KEYS[1], 'root')
      if not root or string.sub(root, 1, #ARGV[1]) ~= ARGV[1] then return 2 end
      local bytes = tonumber(redis.call('HGET', KEYS[1], 'bytes') or '0')
      for i = 4, #ARGV, 2 do
        local there = redis.call('HSTRLEN', KEYS[1], ARGV[i])
        if there > 0 then bytes = bytes - #ARGV[i] - there end
        bytes = bytes + #ARGV[i] + #ARGV[i + 1]
      end
      if bytes > tonumber(ARGV[2]) then return 1 end
      for i = 4, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
      redis.call('HSET', KEYS[1], 'bytes', tostring(bytes))
      redis.call('PEXPIRE', KEYS[1], ARGV[3])
      return 0
      """;

  /** Key: the conversation. Returns its root. */
  static final String TAKE_CONVERSATION =
      """
      local root = redis.call('HGET', KEYS[1], 'root')
      redis.call('UNLINK', KEYS[1])
      return root
      """;

  private Scripts() {}
}
