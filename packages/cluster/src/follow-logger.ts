/** What a follower says about itself; a pino logger fits. */
export interface FollowLogger {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}
