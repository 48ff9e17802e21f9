import type { Role } from "../scope";

/**
 * Who may use an entry: `public` (anybody), `person` (whoever is signed in, within what they see), or the least role. A role is
 * needed on the account concerned, or, with `everywhere`, on everything.
 */
export interface Rule {
  needs: "public" | "person" | Role;
  everywhere?: true;
  /**
   * A server action's form, or its arguments; a page's parts of the address, and what it may be asked for besides, one after the other.
   * `$account`, `$cluster` and `$person`, and `$finding`, `$scan` and `$point`, are those of the account concerned; `MADE` are made anew.
   */
  form?: Readonly<Record<string, string>>;
  args?: readonly (string | boolean | null)[];
  params?: Readonly<Record<string, string>>;
  search?: readonly Readonly<Record<string, string>>[];
  /** Answers who does not see the account as if there were nothing to do. */
  silent?: true;
  /** Answers with what stands in a drawer. */
  draws?: true;
}

const anybody: Rule = { needs: "public" };
const person: Rule = { needs: "person" };
const CLUSTER_TABS = ["findings", "workloads", "nodes", "images", "access", "changes", "scans", "settings"] as const;
const PLACES = [
  {},
  { account: "$account" },
  { cluster: "$cluster" },
  { account: "$account", exemptions: "without" },
] as const;

/**
 * Every page, route handler and exported server action. Adding one is one line here; one that is missing fails the matrix test, and so does a
 * line whose entry is gone. Addresses of /api/v1 are declared in app/api/v1/table.ts with their roles.
 */
export const RULES: Readonly<Record<string, Rule>> = {
  "page /": person,
  "page /accounts": person,
  "page /accounts/[id]": { needs: "person", params: { id: "$account" } },
  "page /accounts/[id]/edit": { needs: "person", params: { id: "$account" } },
  "page /accounts/connect": { needs: "person", search: [{}, { cloud: "aws" }] },
  "page /clusters": person,
  "page /clusters/[id]": {
    needs: "person",
    params: { id: "$cluster" },
    search: [{}, ...CLUSTER_TABS.map((tab) => ({ tab }))],
  },
  "page /api": person,
  "page /compliance": { needs: "person", search: PLACES },
  "page /compliance/[id]": { needs: "person", params: { id: "nsa-cisa-1.2" }, search: PLACES },
  "page /compliance/[id]/[requirement]": {
    needs: "person",
    params: { id: "nsa-cisa-1.2", requirement: "2.6" },
    search: PLACES,
  },
  "page /compliance/[id]/changes": { needs: "person", params: { id: "cis-kubernetes-2.0.1" }, search: PLACES },
  "page /exemptions": person,
  "page /findings": { needs: "person", search: [{}, { finding: "$finding" }, { account: "$account" }] },
  "page /inventory": person,
  "page /recommendations": person,
  "page /recommendations/[id]": {
    needs: "person",
    params: { id: "SW-0005" },
    search: [{}, { account: "$account" }],
  },
  "page /scans": { needs: "person", search: [{}, { scan: "$scan" }] },
  "page /score-history": { needs: "person", search: [{}, { point: "$point" }] },
  "page /settings": person,
  "page /settings/audit": { needs: "Security Admin" },
  "page /settings/notifications": person,
  "page /settings/notifications/deliveries": person,
  "page /settings/notifications/mail": person,
  "page /settings/notifications/routes": person,
  "page /settings/parameters": person,
  "page /settings/parameters/[id]": { needs: "person", params: { id: "SW-0005" } },
  "page /settings/people": { needs: "Owner" },
  "page /settings/security": person,
  "page /settings/sessions": person,
  "page /settings/system": person,
  "page /settings/tokens": person,
  "page /setup": anybody,
  "page /sign-in": anybody,
  "page /unsubscribe": anybody,
  "page /welcome": anybody,
  "page /welcome/backup-codes": person,
  "page /welcome/second-factor": person,

  "handler /api/auth/[...all]": anybody,
  "handler /api/[...path]": anybody,
  "handler /api/v1/[[...path]]": person,
  "handler /api/v1/events": person,
  "handler /healthz": anybody,
  "handler /settings/audit/export": { needs: "Security Admin" },
  "handler /unsubscribe/[token]": anybody,

  "action domain/access/actions.ts signIn": anybody,
  "action domain/access/actions.ts proveSecondFactor": anybody,
  "action domain/access/actions.ts setUp": anybody,
  "action domain/access/actions.ts acceptInvite": anybody,
  "action domain/access/actions.ts spendSignInLink": anybody,
  "action domain/access/actions.ts signOut": anybody,
  "action domain/access/second-factor/actions.ts beginSecondFactor": person,
  "action domain/access/second-factor/actions.ts confirmSecondFactor": person,
  "action domain/access/second-factor/actions.ts disableSecondFactor": person,
  "action domain/access/second-factor/actions.ts renewBackupCodes": person,
  "action domain/access/second-factor/actions.ts setFactorPolicy": { needs: "Owner", everywhere: true, form: {} },
  "action domain/access/recovery/actions.ts giveWayBack": {
    needs: "Owner",
    everywhere: true,
    form: { person: "$person", secondFactor: "off" },
  },
  "action domain/access/recovery/actions.ts setNewPassword": anybody,
  "action domain/access/sessions/actions.ts takeSession": { needs: "person", args: ["no such session"] },
  "action domain/access/sessions/actions.ts takeOtherSessions": { needs: "person", args: [] },
  "action domain/access/sessions/actions.ts changePassword": person,
  "action domain/access/api-token/actions.ts makeToken": {
    needs: "Security Reader",
    form: { name: "matrix", scope: "read", reach: "accounts", account: "$account", days: "7" },
  },
  "action domain/access/api-token/actions.ts takeToken": person,
  "action domain/access/people/actions.ts invitePerson": {
    needs: "Owner",
    form: { email: "invited@example.com", role: "Security Reader", reach: "accounts", account: "$account" },
  },
  "action domain/access/people/actions.ts giveRole": {
    needs: "Owner",
    form: { person: "$person", role: "Owner", reach: "accounts", account: "$account" },
  },
  "action domain/access/people/actions.ts takeRole": { needs: "Owner", args: ["$person", "$account"] },
  "action domain/access/people/actions.ts takeEverything": { needs: "Owner", everywhere: true, args: ["$person"] },
  "action domain/access/people/actions.ts takeInvitation": { needs: "Owner", args: ["$invitation"] },
  "action domain/accounts/actions.ts scanClusterNow": { needs: "Security Admin", form: { id: "$cluster" } },
  "action domain/accounts/actions.ts scanAccountNow": { needs: "Security Admin", form: { id: "$account" } },
  "action domain/accounts/actions.ts testConnection": { needs: "Security Admin", form: { id: "$account" } },
  "action domain/accounts/actions.ts setPaused": {
    needs: "Security Admin",
    form: { id: "$account", paused: "false" },
  },
  "action domain/accounts/edit/actions.ts testEdit": {
    needs: "Security Admin",
    form: { id: "$account", name: "matrix", interval: "60", version: "an older one" },
  },
  "action domain/accounts/edit/actions.ts saveEdit": {
    needs: "Security Admin",
    form: { id: "$account", draft: "00000000-0000-7000-8000-000000000000" },
  },
  "action domain/accounts/edit/actions.ts pollEdit": person,
  "action domain/accounts/removal/actions.ts removeAccount": {
    needs: "Security Admin",
    form: { id: "$account", name: "not its name" },
  },
  "action domain/accounts/actions.ts retryDeadLetter": {
    needs: "Security Admin",
    form: { id: "$letter" },
    silent: true,
  },
  "action domain/accounts/actions.ts connect": {
    needs: "Security Admin",
    everywhere: true,
    form: {
      ...{ cloud: "aws", name: "matrix", interval: "60", "settings.accountId": "$externalId" },
      ...{ "settings.roleArn": "arn:aws:iam::$externalId:role/seawall", "settings.externalId": "matrix-external-id" },
      "settings.hubCredentials": "machine",
    },
  },
  "action domain/notifications/actions.ts saveMailServer": {
    needs: "Security Admin",
    everywhere: true,
    form: {
      ...{ host: "mail.example.com", port: "587", security: "starttls", username: "", password: "" },
      ...{ fromAddress: "seawall@example.com", fromName: "Seawall", baseUrl: "" },
    },
  },
  "action domain/notifications/actions.ts sendTestMail": {
    needs: "Security Admin",
    everywhere: true,
    form: { address: "nobody@example.com" },
  },
  "action domain/notifications/actions.ts saveLimitsForm": {
    needs: "Security Admin",
    everywhere: true,
    form: { critical: "24", high: "4", medium: "2", low: "1", scoreFall: "3" },
  },
  "action domain/notifications/actions.ts saveRouteForm": {
    needs: "Security Admin",
    everywhere: true,
    form: { id: "", name: "matrix", enabled: "on", minSeverity: "2", toRoles: "Owner" },
  },
  "action domain/notifications/actions.ts deleteRoute": {
    needs: "Security Admin",
    everywhere: true,
    args: ["$route", "$version"],
  },
  "action domain/notifications/actions.ts savePreferencesForm": person,
  "action domain/notifications/actions.ts retryDeliveryNow": {
    needs: "Security Admin",
    everywhere: true,
    args: ["$delivery"],
  },
  "action domain/notifications/actions.ts releaseHeldNow": {
    needs: "Security Admin",
    everywhere: true,
    args: ["$recipient"],
  },
  "action domain/notifications/actions.ts unsubscribeByToken": anybody,
  "action domain/benchmark/attestation/actions.ts saveAttestation": {
    needs: "Security Admin",
    form: {
      benchmark: "nsa-cisa-1.2",
      requirement: "5.3",
      scope: "account",
      scopeId: "$account",
      state: "met",
      evidence: "Looked at by the matrix.",
      until: "2099-01-01",
    },
  },
  "action domain/benchmark/attestation/actions.ts withdrawAttestation": {
    needs: "Security Admin",
    args: ["$attestation"],
  },
  "action domain/posture/exemption/actions.ts saveExemption": {
    needs: "Security Admin",
    form: {
      ...{ type: "waiver", targets: '[{"account":"$account"}]', reason: "matrix" },
      until: new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10),
    },
  },
  "action domain/posture/exemption/actions.ts decide": { needs: "Security Admin", args: ["$request", true] },
  "action domain/posture/exemption/actions.ts foresee": { needs: "Security Admin", args: ["$request"] },
  "action domain/posture/exemption/actions.ts withdraw": { needs: "Security Admin", args: ["$exemption"] },
  "action domain/posture/exemption/actions.ts saveRule": {
    needs: "Owner",
    everywhere: true,
    form: { longestDays: "365" },
  },
  "action domain/posture/parameter/actions.ts saveParameters": {
    needs: "Security Admin",
    form: { control: "SW-0005", scope: "account", account: "$account", "p.resources": "memory", reason: "matrix" },
  },
  "action domain/posture/parameter/actions.ts takeParameters": {
    needs: "Security Admin",
    args: ["$parameters", "$version"],
  },
  "action domain/views/actions.ts saveView": person,
  "action domain/views/actions.ts forgetView": person,
  "action app/(console)/findings/draw.tsx drawFinding": { needs: "Security Reader", args: ["$finding"], draws: true },
  "action app/(console)/scans/draw.tsx drawScan": { needs: "Security Reader", args: ["$scan"], draws: true },
  "action app/(console)/score-history/draw.tsx drawScore": { needs: "Security Reader", args: ["$point"], draws: true },
};
