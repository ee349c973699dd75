// Numbers as the pictures print them.
const SUPER = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raised = n => (n < 0 ? "⁻" : "") + String(Math.abs(n)).replace(/\d/g, d => SUPER[d]);
const plain = text => text.includes(".") ? text.replace(/\.?0+$/, "") : text;
// To so many digits; of two that are as near, the even one.
const rounded = (x, digits) => {
  const [mantissa, exponent] = x.toExponential(20).split("e");
  const all = mantissa.replace(/[-.]/g, "");
  if (!/^50*$/.test(all.slice(digits)) || all[digits - 1] % 2) return x.toExponential(digits - 1);
  return (x < 0 ? "-" : "") + all[0] + "." + all.slice(1, digits) + "e" + exponent;
};
const number = (x, digits = 4) => {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  if (x === 0) return "0";
  let [mantissa, exponent] = rounded(x, digits).split("e");
  exponent = Number(exponent);
  let text;
  if (exponent < -4 || exponent >= digits) {
    mantissa = plain(mantissa);
    text = mantissa === "1" ? "10" + raised(exponent) : mantissa + "·10" + raised(exponent);
  } else {
    text = plain(Number(mantissa + "e" + exponent).toFixed(Math.max(0, digits - 1 - exponent)));
  }
  return text.replace("-", "−");
};
const factor = x => x < 0 ? `(${number(x)})` : number(x);
