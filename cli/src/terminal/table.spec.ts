import { columnWidths, renderLine, renderTable } from "./table.ts";

describe("a table", () => {
  it("pads each column to its widest cell and leaves nothing behind the last", () => {
    expect(
      renderTable(
        ["NAME", "AGE"],
        [
          ["web-12345", "3s"],
          ["b", ""],
        ],
      ),
    ).toBe("NAME        AGE\nweb-12345   3s\nb\n");
  });

  it("has its header alone when there are no rows", () => {
    expect(renderTable(["NAME", "AGE"], [])).toBe("NAME   AGE\n");
  });

  it("keeps columns as wide as they were for rows that come later", () => {
    const widths = columnWidths([["web-12345", "x"]]);
    expect(columnWidths([["b", "yy", "z"]], widths)).toEqual([9, 2, 1]);
    expect(renderLine(["b", "y"], widths)).toBe("b           y\n");
  });
});
