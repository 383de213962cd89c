import { CONTAINER_CA_BUNDLE, proxyEnv, readBuildEnvironment, shellExports } from "./build-environment.ts";

describe("how builds reach the world", () => {
  it("is by the host's proxies, in both spellings", () => {
    expect(proxyEnv({ https_proxy: "http://proxy.example.org:3128", NO_PROXY: "", PATH: "/bin" })).toEqual({
      HTTPS_PROXY: "http://proxy.example.org:3128",
      https_proxy: "http://proxy.example.org:3128",
    });
  });

  it("trusts the bundle that it is given, at the place where Debian keeps it", async () => {
    const environment = await readBuildEnvironment({
      caBundle: "/srv/ca.pem",
      env: {},
      npmRegistry: "https://npm.example.org/",
    });
    expect(environment.binds).toEqual([{ source: "/srv/ca.pem", target: CONTAINER_CA_BUNDLE, readOnly: true }]);
    expect(environment.env).toMatchObject({
      NODE_EXTRA_CA_CERTS: CONTAINER_CA_BUNDLE,
      PIP_CERT: CONTAINER_CA_BUNDLE,
      npm_config_registry: "https://npm.example.org/",
    });
  });

  it("names no registry where the host has none to name", async () => {
    const environment = await readBuildEnvironment({ caBundle: "/srv/ca.pem", env: {}, npmRegistry: "" });
    expect(environment.env.npm_config_registry).toBeUndefined();
  });

  it("survives a shell, quotes and all", () => {
    expect(shellExports({ A: "it's", B: "$HOME" })).toBe("export A='it'\\''s'\nexport B='$HOME'\n");
  });
});
