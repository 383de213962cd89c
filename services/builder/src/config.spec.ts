import { readConfig } from "@slipway/runtime";
import { builderConfig } from "./config.ts";

const env = {
  SLIPWAY_DATABASE_URL: "postgres://x",
  SLIPWAY_NATS_URL: "nats://x",
  SLIPWAY_STATE_DIR: "/var/lib/slipway/builder",
  SLIPWAY_REGISTRY_HOST: "127.0.0.1:5000",
};

describe("the builder's settings", () => {
  it("reads what builds are handed", () => {
    const config = readConfig(
      builderConfig,
      {
        ...env,
        SLIPWAY_BUILD_ENV: '{"HTTPS_PROXY":"http://proxy:3128"}',
        SLIPWAY_BUILD_CA_BUNDLE: "/etc/ssl/certs/ca-certificates.crt",
        SLIPWAY_REGISTRY_PASSWORD_FILE: "/secret",
      },
      () => "pw\n",
    );
    expect(config.buildEnv).toEqual({ HTTPS_PROXY: "http://proxy:3128" });
    expect(config.buildCaBundle).toBe("/etc/ssl/certs/ca-certificates.crt");
    expect(config.registryPassword).toBe("pw");
  });

  it("has defaults for everything but addresses and its folder", () => {
    expect(readConfig(builderConfig, env)).toMatchObject({
      concurrency: 2,
      buildEnv: {},
      allowFileSources: true,
      builderId: "builder-1",
    });
    expect(() => readConfig(builderConfig, {})).toThrow("SLIPWAY_STATE_DIR is required");
  });

  it.each(["not json", '{"A":1}', "[]", '{"a b":"c"}'])("refuses %s as variables", (text) => {
    expect(() => readConfig(builderConfig, { ...env, SLIPWAY_BUILD_ENV: text })).toThrow("SLIPWAY_BUILD_ENV");
  });
});
