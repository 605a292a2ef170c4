export type GroundTables = {
  /** Keyv's store: holds only what may vanish. */
  kv: { ns: string; k: string; v: string; expires: Date | null }
}
