import { describe, expect, test } from "vitest";
import { SECRET_SHAPES, shapeOf } from "./shape";

const letters = (length: number): string => "aB3d".repeat(length / 4);

test.each([
  ["private key", "ssl:\n  key: |\n    -----BEGIN EC PRIVATE KEY-----\n    MHc"],
  ["private key", "-----BEGIN PRIVATE KEY-----"],
  ["password within an address", "jdbc.url=postgres://app:hunter2@db:5432/shop"],
  ["password within an address", "redis://:hunter2@cache:6379/0"],
  ["password within an address", "amqp://app:$ecret@queue"],
  ["password within an address", "jdbc:postgresql://db:5432/shop?user=app&password=hunter2"],
  ["password within an address", "url: jdbc:sqlserver://db:1433;databaseName=shop;user=app;password=hunter2"],
  ["password within an address", "spring.datasource.url=jdbc:mysql://db/shop?password=changeme&ssl=true"],
  ["password that a file sets", "datasource:\n  user: app\n  password: hunter2 # of the test\n"],
  ["password that a file sets", '{"db":{"user":"app","password":"hunter2"}}'],
  ["password that a file sets", '{\n  "adminPassword" : "changeme"\n}'],
  ["password that a file sets", '\'{\\"password\\": \\"hunter2\\"}\''],
  ["password that a file sets", "[db]\r\npassword = hunter2\r\n"],
  ["password that a file sets", "spring.datasource.password=hunter2"],
  ["password that a file sets", "A=1\nexport DB_PASSWORD='hunter2'\n"],
  ["password that a file sets", "<server>\n  <username>a</username>\n  <password>hunter2</password>\n</server>"],
  ["password that a file sets", "spring.datasource.password=password"],
  ["password that a file sets", "password: password"],
  ["password that a file sets", "users:\n- password: hunter2\n"],
  ["password that a file sets", "{ user: app, password: 'hunter2' }"],
  ["connection string with a password", "Server=tcp:a.example,1433;Initial Catalog=shop;User ID=app;Password=hunter2;"],
  ["password that a file sets", '"database.password": "developer"'],
  ["password that a file sets", 'password: "password"'],
  ["password that a file sets", "spring.datasource.password=changeme"],
  ["password that a file sets", "db.password: S3cr3t!"],
  ["password that a file sets", "DB_PWD=hunter2"],
  ["password that a file sets", "issuerPassword=hunter2"],
  ["password that a file sets", "check.password=hunter2"],
  ["password that a file sets", "DB_PASSWORD=pa$$w0rd(1)"],
  ["password within an address", "jdbc:mysql://db/shop?user=a&password=developer"],
  ["password within an address", "postgres://user:pw@host/"],
  ["harmless", "24h"],
  ["harmless", "REDACTED"],
  ["connection string with a password", "host=db.example port=5432 user=app password=hunter2"],
  ["connection string with a password", `Host=db;${"a=1;".repeat(12)}\n  Pwd=hunter2`],
  ["connection string with a password", "$(see) url='user=app  dbname=shop  password=hunter2'"],
  ["storage key", `DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${letters(84)}==`],
  ["AWS key", "aws_access_key_id = AKIAABCDEFGHIJKLMNOP"],
  ["AWS key", `AWS_SECRET_ACCESS_KEY="${letters(40)}"`],
  ["JSON web token", `Bearer eyJ${letters(20)}.eyJ${letters(40)}.${letters(40)}`],
  ["token of a service", `token: ghp_${letters(36)}`],
  ["token of a service", `key=AIza${letters(36)}`],
  ["harmless", ""],
  ["harmless", " \n"],
  ["harmless", "true"],
  ["harmless", "/var/run/secrets/token"],
  ["harmless", `\${DB_PASSWORD}`],
  ["harmless", "$(DB_PASSWORD)"],
  ["harmless", "{{ .Values.password }}"],
  ["harmless", "<your password>"],
  ["text", "hunter2"],
  ["text", "postgres://app@db/shop"],
  ["text", "postgres://app:$(DB_PASSWORD)@db/shop"],
  ["text", `postgres://app:\${DB_PASSWORD}@db/shop`],
  ["text", "postgres://app:{{password}}@db/shop"],
  ["text", "http://one.example\nuser: a\nmail: b@c.example"],
  ["text", `Server=tcp:a.example;Password=\${PASSWORD};`],
  ["text", `Host=db;${"a=1;".repeat(13)}Password=hunter2`],
  ["text", "Host=db;\nlevel=1;Password=hunter2"],
  ["text", `Host=${"a".repeat(301)};Password=hunter2`],
  ["text", "host=db or password=hunter2"],
  ["text", "host=db     password=hunter2"],
  ["text", "host=db password=$PASSWORD"],
  ["text", "see https://shop.example:8443/a@b"],
  ["text", "-----BEGIN CERTIFICATE-----\nMIIB"],
  ["text", "jdbc:postgresql://db/shop?user=app&password=$(DB_PASSWORD)"],
  ["text", `jdbc:postgresql://db/shop?user=app&password=\${DB_PASSWORD}&ssl=true`],
  ["text", "jdbc:postgresql://db/shop?user=app&password=&ssl=true"],
  ["text", "rewrite ^/in?user=a&password=b /login"],
  ["text", "db.password="],
  ["text", "password:\n  valueFrom: vault\n"],
  ["text", `db:\n  password: \${DB_PASSWORD}\n`],
  ["text", "db:\n  password: '{{ .password }}'\n"],
  ["text", "password: <set by the operator>\n"],
  ["text", "password: !vault |\n  abc\n"],
  ["text", '"password": null, "adminPassword": ""'],
  ["text", "password: /run/secrets/db\npasswordFile: hunter2"],
  ["text", "# password: hunter2\n;admin_password = admin\n// password=hunter2"],
  ["text", "password: string\nold_password: String"],
  ["text", "password = os.environ['DB_PASSWORD']\npassword = args.password\nconnect(password=password)"],
  ["text", "PASSWORD=$(cat /run/secrets/db)\nDB_PASSWORD=$1"],
  ["text", "db.password=ENC(aB3d)\nother.password=vault:db#password"],
  ["text", `a <password>\${env.PASSWORD}</password><password/><passwordFile>a</passwordFile>`],
  ["text", 'example: { "password": "...", "pwd": "----" }'],
  ["text", 'form: { "password": "Password" }'],
  ["text", "self.password = password\nconst c = {\n  password: process.env.DB_PASSWORD,\n  pwd: given,\n};"],
  ["text", '"login.password": "Your password"'],
  ["text", "https://wiki/?page=reset&pwd=1 https://x/?password=REDACTED"],
  ["text", "Server=a;Password=xxxxxxxx; host=a password=REDACTED"],
  ["text", "secretKey: password\nkey: password\nname: DB_PASSWORD"],
  ["text", "listen 10.0.0.1:80; # AKIA"],
])("%s: %s", (shape, text) => {
  expect(shapeOf(text)).toBe(shape);
});

test.each([
  ["sources of users", ["passwd:         files", "passwd: compat"]],
  ["captions", ["login.password=Passwort", '"password": "password"', '"newPassword":"New"', "password=пароль"]],
  ["levels", ["log4j.logger.com.x.password=DEBUG", "logging.level.password=info", "log.level.password: S1"]],
  ["what a build fills in", ["key-store-password: @keystore.password@", "password: __DB_PASSWORD__"]],
  ["switches", ["password: disabled", "auth.method.password: enabled", "password: prompt", "password=1"]],
  [
    "names that ask",
    ["validate-password=FORCE_PLUS_PERMANENT", "skip-password=1", "has_password=7", "resetPassword=x1"],
  ],
  ["amounts", ["require-password: always", "reset-password: 24h", "password: 5/minute", "password: 30d"]],
  ["folders", ["BASE_PWD=build", "PWD=src/app", "PWD=app1", "APP_PWD=src/app1"]],
  ["attributes", ["attribute_password=unicodePwd", "userPassword: userPassword", "user_password: userPassword"]],
  ["variables", ["password = value", "passwd = pwd", "self.pwd = pwd", "password=pw", "cfg.Password = secret"]],
  ["masks", ["- pwd=\\S+", "- password=.*", "password: REDACTED", "password: xxxxxxxx", "password: '[masked]'"]],
  ["calls", ["password=read(1)", "PASSWORD=read(1)", "DB_PASSWORD=a$(cat b)", "password=pa$$w0rd(1)"]],
])("%s set no password", (_what, lines) => {
  expect(lines.filter((line) => shapeOf(line) !== "text")).toEqual([]);
});

describe("what a shape tells", () => {
  test("is one of a few words, whatever the text says", () => {
    expect(SECRET_SHAPES).toHaveLength(new Set(SECRET_SHAPES).size);
    for (const text of ["x".repeat(2_000_000), "eyJ".repeat(400_000), "://".repeat(400_000), "Host=;".repeat(200_000)])
      expect(["text", ...SECRET_SHAPES]).toContain(shapeOf(text));
  });
  test.each([
    ["servers", `${`${"Host=".repeat(60).slice(0, 299)};`.repeat(14_000)}Password=$`],
    ["servers, each on a line of its own", `${`${"Host=".repeat(60).slice(0, 299)}\n;`.repeat(14_000)}Password=$`],
    ["parameters", "?password=a".repeat(380_000)],
    ["addresses", "//?password=$".repeat(320_000)],
    ["slashes before a parameter", `${"/".repeat(280)}" ?pwd=x`.repeat(14_000)],
    ["passwords", "password=".repeat(460_000)],
    ["words for passwords", "password".repeat(520_000)],
    ["names that repeat", '"password":"password" '.repeat(190_000)],
    ["passwords in quotes that never end", `password="${"a".repeat(250)}`.repeat(16_000)],
    ["passwords on lines of their own", "password : $\n".repeat(320_000)],
    ["elements", "<password>a".repeat(380_000)],
    ["long names", `${`${"a.".repeat(90)}pwd\n`.repeat(22_000)}`],
    ["users", `${"user=".repeat(840_000)} password=$`],
    ["users in words of their own", `${`${"user=".repeat(40)} `.repeat(21_000)} password=$`],
  ])("of four megabytes of %s is told in seconds, not minutes", (_what, text) => {
    const before = process.cpuUsage();
    expect(shapeOf(text)).toBe("text");
    expect(process.cpuUsage(before).user).toBeLessThan(2_500_000);
  });
});
