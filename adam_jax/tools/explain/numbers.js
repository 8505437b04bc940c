// How is a number written?  As text, and as MathML; four digits, a real minus sign, powers of ten.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

// -> { sign, digits, power } where power is null for numbers that need none
function parts(x) {
  const sign = x < 0 ? "−" : "";
  const size = Math.abs(x);
  if (size === 0) return { sign: "", digits: "0", power: null };
  if (!Number.isFinite(size)) return { sign, digits: Number.isNaN(size) ? "not a number" : "∞", power: null };
  if (size >= 0.001 && size < 9999.5) return { sign, digits: size.toPrecision(4), power: null };
  const [digits, power] = size.toExponential(2).split("e");
  return { sign, digits, power: Number(power) };
}

export function text(x) {
  const { sign, digits, power } = parts(x);
  return sign + digits + (power === null ? "" : ` · 10${raised(power)}`);
}

function raised(power) {
  const digits = [...String(Math.abs(power))].map((digit) => SUPERSCRIPTS[digit]).join("");
  return (power < 0 ? "⁻" : "") + digits;
}

// A setting, with all its digits and no more: 0.999, 10⁻⁸
export function plain(x) {
  if (x === 0 || (Math.abs(x) >= 0.0001 && Math.abs(x) < 10000)) return String(Number(x.toPrecision(6)));
  const [digits, power] = x.toExponential().split("e");
  return (digits === "1" ? "" : `${digits} · `) + `10${raised(Number(power))}`;
}

// `name` colours it like the symbol that it stands for; `enclose` is for a number after a sign of operation.
export function math(x, name, enclose = false) {
  const { sign, digits, power } = parts(x);
  const raisedTen = `<mo>·</mo><msup><mn>10</mn><mn>${String(power).replace("-", "−")}</mn></msup>`;
  const signed = (sign && `<mo form="prefix">${sign}</mo>`) + `<mn>${digits}</mn>` + (power === null ? "" : raisedTen);
  const inside = enclose && sign ? `<mo>(</mo>${signed}<mo>)</mo>` : signed;
  return `<mrow class="${name}">${inside}</mrow>`;
}
