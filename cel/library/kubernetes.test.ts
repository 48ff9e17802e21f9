import { expect, it } from "vitest";
import { compile } from "../compile";

const of = (expression: string, bindings = {}): string => {
  const result = compile(expression).judge(bindings);
  return typeof result === "boolean" ? String(result) : result.code;
};

/** What Kubernetes' documentation and cel-go's own say of each library. */
it.each([
  "quantity('1.5Gi').isGreaterThan(quantity('1500M')) && quantity('1k') == quantity('1000') && !isQuantity('1,3')",
  "quantity('50k').add(20) == quantity('50020') && quantity('200m').sub(quantity('0.1')).compareTo(quantity('100m')) == 0",
  "quantity('50000000G').isInteger() && !quantity('1.5').isInteger() && quantity('9999k').asInteger() == 9999000",
  "url('https://example.com:80/a b'.replace(' ', '%20') + '?q=1&q=2').getQuery()['q'] == ['1', '2']",
  "url('https://[::1]:80/').getHostname() == '::1' && url('https://a.b:8080/x').getPort() == '8080' && url('/p').getHost() == ''",
  "isURL('https://user:pass@example.com:80/query?val=block') && !isURL('../relative') && !isURL('a b')",
  "ip('127.0.0.1').isLoopback() && ip('::1').family() == 6 && !isIP('10.0.0.01') && !isIP('::ffff:1.2.3.4')",
  "cidr('192.168.0.0/24').containsIP('192.168.0.1') && cidr('10.0.0.0/8').containsCIDR(cidr('10.1.0.0/16'))",
  "string(cidr('192.168.1.9/24').masked()) == '192.168.1.0/24' && string(ip('2001:DB8:0:0:1::')) == '2001:db8:0:0:1::'",
  "ip.isCanonical('2001:db8::1') && !ip.isCanonical('2001:DB8::1') && cidr('10.0.0.0/8').prefixLength() == 8",
  "format.dns1123Label().validate('my-name') == optional.none() && format.dns1123Label().validate('My').hasValue()",
  "format.named('uuid').value().validate('123e4567-e89b-12d3-a456-426614174000') == optional.none()",
  "!quantity('1000m').isInteger() && !quantity('1.5Gi').isInteger() && quantity('99999Gi').isInteger() && !quantity('100000Gi').isInteger()",
  "quantity('50k').add(20).sub(quantity('100k')).sub(-50000).asInteger() == 20 && !quantity('1.5').add(quantity('0.5')).isInteger()",
  "!quantity('9999999999999999999999999999999999999G').isInteger() && quantity('9Ei') == quantity('8Ei')",
  "format.dns1123SubdomainPrefix().validate('mysubdomain.prefix.-') == optional.none() && format.dns1035LabelPrefix().validate('1b-').hasValue()",
  "format.dns1123LabelPrefix().validate('my-').hasValue() == false && format.dns1123Label().validate('my-').hasValue() && format.byte().validate('').hasValue()",
  "!isSemver('1.0.0+a..b') && isSemver('1.2.3-beta.1+build.1') && semver('v01.01', true) == semver('1.1.0') && !isSemver('1.0-a', true)",
  "'123 abc 456'.findAll('[0-9]*') == ['123', '', '', '', '', '456'] && regex.replace('aab', 'a*', '-') == '-b-'",
  "isIP('64:ff9b::1.2.3.4') && ip('::1.2.3.4') == ip('::102:304') && !isIP('1.2.3.4::') && !isIP('::1.2.3')",
  "ip('ff12::1').isLinkLocalMulticast() && !ip('ff05::1').isLinkLocalMulticast() && type(ip('::1')) == type(ip('1.2.3.4'))",
  "semver('1.2.3').isLessThan(semver('1.10.0')) && semver('1.0.0-rc.1').compareTo(semver('1.0.0')) == -1",
  "isSemver('v1.0', true) && !isSemver('v1.0') && semver('1.2.3').minor() == 2",
  "[1, 3, 2].max() == 3 && [1, 2].isSorted() && [1, 2, 3].sum() == 6 && ['a', 'b', 'b'].lastIndexOf('b') == 2",
  "'abc 123'.find('[0-9]+') == '123' && '1a2b'.findAll('[0-9]') == ['1', '2'] && '1a2b'.findAll('[0-9]', 1) == ['1']",
  "sets.contains([1, 2, 3], [2]) && sets.equivalent([1, 1], [1]) && !sets.intersects([1], [2])",
  "'%s is %d, %.2f'.format(['x', 3, 1.5]) == 'x is 3, 1.50' && '😀b'.size() == 2 && '😀b'.indexOf('b') == 1",
  "[1, 2].transformList(i, v, i + v) == [1, 3] && {'a': 1}.transformMap(k, v, v + 1) == {'a': 2}",
  "{?'a': x.?b, 'c': 1} == {'c': 1} && [?x.?b, 1] == [1] && x.?n.optMap(v, v * 2).orValue(0) == 10",
  "int(duration('1.5s')) == 1500000000 && int(timestamp('1970-01-01T00:00:01.5Z')) == 1",
  "!optional.ofNonZeroValue(timestamp('0001-01-01T00:00:00Z')).hasValue() && optional.ofNonZeroValue(optional.none()).hasValue()",
  "timestamp('2026-01-01T00:00:00Z') + duration('36h') > timestamp('2026-01-02T00:00:00Z')",
  "9007199254740991 + 1 == 9007199254740992 && 9223372036854775807 > 9223372036854775806 && type(x.n) == int",
])("holds: %s", (expression) => expect(of(expression, { x: { n: 5 } })).toBe("true"));

it.each([
  ["9223372036854775807 + 1 > 0", "other"],
  ["x.n / 0 == 1", "other"],
  ["quantity('1,3') == quantity('1')", "other"],
  ["'a'.matches(x.bad)", "other"],
  ["quantity('1500m').asInteger() == 1", "other"],
  ["timestamp(0).getHours('+01') == 1", "other"],
  [
    "cel.bind(a, 'xxxxxxxxxxxxxxxx', cel.bind(b, a+a+a+a+a+a+a+a, cel.bind(c, b+b+b+b+b+b+b+b, cel.bind(d, c+c+c+c+c+c+c+c, cel.bind(e, d+d+d+d+d+d+d+d, cel.bind(f, e+e+e+e+e+e+e+e, cel.bind(g, f+f+f+f+f+f+f+f, g+g == ''))))))) ",
    "other",
  ],
  ["lists.range(2000).all(a, lists.range(2000).all(b, a >= 0)) || true", "other"],
])("is an error: %.60s", (expression, code) => expect(of(expression, { x: { n: 5, bad: "(" } })).toBe(code));
