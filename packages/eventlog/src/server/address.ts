/** Where a server listens: a socket in `socketDir`, else 127.0.0.1. */
export interface ServerAddress {
  readonly socketDir?: string | undefined;
  readonly port: number;
}

/** The connection URL, in the form that libpq and `pg` both take. */
export const postgresUrl = (address: ServerAddress, user: string, password: string, database: string): string => {
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return address.socketDir === undefined
    ? `postgresql://${login}@127.0.0.1:${address.port}/${database}`
    : `postgresql://${login}@${encodeURIComponent(address.socketDir)}/${database}`;
};

/** The same server and database for another role. */
export const urlForRole = (url: string, role: string, password: string): string =>
  url.replace(/^postgresql:\/\/[^@]*@/, `postgresql://${encodeURIComponent(role)}:${encodeURIComponent(password)}@`);
