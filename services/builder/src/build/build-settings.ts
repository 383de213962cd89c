import type { RegistryAuth } from "@slipway/containers";

/** What is the same for every build of this builder. */
export interface BuildSettings {
  /** Which platform this is; build containers carry it, so that two on one machine leave each other's alone. */
  readonly instance: string;
  /** Work folders live below it, one a build, and what ssh knows of hosts. */
  readonly stateDir: string;
  readonly registry: { readonly host: string; readonly username: string; readonly password: string };
  /** PEM file of authorities that builds trust. */
  readonly caBundle?: string;
  /** Private key file by which git logs in over ssh. */
  readonly sshKey?: string;
  /** Variables handed to builds, as proxies and package registries; they never become part of an image's settings. */
  readonly buildEnv: Readonly<Record<string, string>>;
  /** The engine's network of build containers; its default when absent. */
  readonly buildNetwork?: string;
  /** Whether `file://` repositories, paths of this host, may be built. */
  readonly allowFileSources: boolean;
  /** Where programs are looked for; the usual folders when absent. */
  readonly path?: string;
  readonly fetchTimeoutMs: number;
  readonly maxSourceBytes: number;
  readonly maxArtifactsBytes: number;
}

/** How to log in to the registry of an image; only the platform's own has credentials. */
export const authFor = (settings: BuildSettings, host: string): RegistryAuth | undefined =>
  host === settings.registry.host && settings.registry.username !== "" ? registryAuth(settings) : undefined;

/** The credentials of the platform's registry. */
export const registryAuth = ({ registry }: BuildSettings): RegistryAuth => ({
  username: registry.username,
  password: registry.password,
  serverAddress: registry.host,
});
