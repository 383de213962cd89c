import { optionsOf, sourcesOf } from "./apt-settings.ts";

describe("the host's sources of Debian packages", () => {
  const own = ["http://deb.example.org/debian/ bookworm main", "http://deb.example.org/debian/ bookworm contrib"];

  it("are the release's own suites, with their components", () => {
    const targets = [...own, "http://deb.example.org/security/ bookworm-security main", ""].join("\n");
    expect(sourcesOf(targets, "bookworm")).toEqual([
      "deb http://deb.example.org/debian/ bookworm main contrib",
      "deb http://deb.example.org/security/ bookworm-security main",
    ]);
  });

  it("leave out other releases, other people's repositories and media", () => {
    const strange = [
      "https://tools.example.org/apt/ bookworm stable",
      "https://x.example.org/ nodistro main",
      "cdrom://disc bookworm main",
    ];
    expect(sourcesOf([...own, ...strange].join("\n"), "bookworm")).toHaveLength(1);
    expect(sourcesOf(own.join("\n"), "trixie")).toEqual([]);
    expect(sourcesOf("http://x.example.org/ bookworm-updates main", "bookworm")).toEqual([]);
  });
});

describe("the host's way to the archive", () => {
  it("is its proxies and tolerances, not its own files and commands", () => {
    const dump = `Acquire "";
Acquire::http::Proxy "http://proxy.example.org:3128";
Acquire::https::Proxy "";
Acquire::http::Proxy-Auto-Detect "/usr/bin/detect";
Acquire::Check-Valid-Until "false";
Acquire::IndexTargets::deb::Packages::MetaKey "x";
APT::Architecture "amd64";`;
    expect(optionsOf(dump)).toEqual([
      'Acquire::http::Proxy "http://proxy.example.org:3128";',
      'Acquire::Check-Valid-Until "false";',
    ]);
  });
});
