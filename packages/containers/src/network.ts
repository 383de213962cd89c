export interface NetworkSpec {
  readonly name: string;
  /** CIDR, as `10.88.0.0/24`. */
  readonly subnet: string;
  readonly gateway?: string;
  /** The part of the subnet that the engine hands out by itself, as CIDR. */
  readonly ipRange?: string;
  /** Name of the bridge on the host, 15 characters at most. */
  readonly bridgeName?: string;
  /** No way out of the bridge. */
  readonly internal?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  /** Driver options, as `com.docker.network.bridge.enable_icc`. */
  readonly options?: Readonly<Record<string, string>>;
}

export interface NetworkInfo {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly subnet: string;
  readonly gateway: string;
  readonly bridgeName: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Ids of the containers that are on it now. */
  readonly containers: readonly string[];
}

/** The networks of one engine. */
export interface Networks {
  /** Makes it, or takes the one of that name; `EngineConflict` when that one has another subnet or gateway. */
  ensure(spec: NetworkSpec, signal?: AbortSignal): Promise<NetworkInfo>;
  /** `undefined` when there is none. */
  inspect(name: string): Promise<NetworkInfo | undefined>;
  /** Nothing happens when it is already gone. `EngineConflict` when containers are on it. */
  remove(name: string): Promise<void>;
  /** Without `containers`, which only `inspect` knows. */
  list(options?: { readonly labels?: Readonly<Record<string, string>> }): Promise<NetworkInfo[]>;
  disconnect(name: string, containerId: string): Promise<void>;
}
