import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderNatsConfig } from "@slipway/bus";
import bcrypt from "bcryptjs";
import { type Installation, pathsOf } from "./installation.ts";

/** The passwords of an installation, made once. Nothing answers without one of them. */
export interface Credentials {
  readonly ownerToken: string;
  readonly postgresOwner: string;
  readonly postgresService: string;
  readonly natsServices: string;
  readonly natsNode: string;
  readonly registry: string;
  /** What the registry signs the state of an upload with. */
  readonly registryHttp: string;
}

export const NATS_SERVICES_USER = "services";
export const REGISTRY_USER = "slipway";

/** Rounds of bcrypt: the passwords are random and long, so the cost of guessing them needs no help. */
const BCRYPT_ROUNDS = 6;

const secret = (): string => randomBytes(24).toString("base64url");

/** Reads the credentials, or makes them at the first start; writes the settings of the programs that check them. */
export const ensureCredentials = (installation: Installation): Credentials => {
  const paths = pathsOf(installation);
  mkdirSync(paths.secrets, { recursive: true, mode: 0o700 });
  chmodSync(paths.secrets, 0o700);
  const file = join(paths.secrets, "credentials.json");
  if (!existsSync(file)) {
    writeSecret(
      file,
      JSON.stringify({
        ownerToken: `slipway-${secret()}`,
        postgresOwner: secret(),
        postgresService: secret(),
        natsServices: secret(),
        natsNode: secret(),
        registry: secret(),
        registryHttp: secret(),
      } satisfies Credentials),
    );
  }
  const credentials = JSON.parse(readFileSync(file, "utf8")) as Credentials;
  writeSecret(
    paths.natsConfig,
    renderNatsConfig({
      port: installation.ports.nats,
      storeDir: paths.natsStore,
      serverName: installation.instance,
      users: [
        { role: "control-plane", user: NATS_SERVICES_USER, password: credentials.natsServices },
        { role: "node", node: installation.node, user: installation.node, password: credentials.natsNode },
      ],
    }),
  );
  writeSecret(paths.registryConfig, registryConfig(installation, credentials.registryHttp));
  writeSecret(paths.registryPasswords, `${REGISTRY_USER}:${bcrypt.hashSync(credentials.registry, BCRYPT_ROUNDS)}\n`);
  return credentials;
};

/** Writes a file that only its owner may read, whatever it was before. */
const writeSecret = (file: string, text: string): void => {
  writeFileSync(file, text, { mode: 0o600 });
  chmodSync(file, 0o600);
};

/** The registry's own settings. JSON is YAML too. */
const registryConfig = (installation: Installation, httpSecret: string): string => {
  const paths = pathsOf(installation);
  return `${JSON.stringify(
    {
      version: 0.1,
      log: { level: "info", formatter: "json" },
      storage: { filesystem: { rootdirectory: paths.registryData }, delete: { enabled: true } },
      http: { addr: `127.0.0.1:${installation.ports.registry}`, secret: httpSecret },
      auth: { htpasswd: { realm: "slipway", path: paths.registryPasswords } },
    },
    undefined,
    2,
  )}\n`;
};
