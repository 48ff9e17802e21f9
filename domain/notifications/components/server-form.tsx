"use client";

import { CheckField, Field, SelectField } from "@/components/field";
import { saveMailServer } from "../actions";
import type { MailServerView } from "../queries";
import { SECURITY_MODES, SECURITY_WORDS } from "../schema";
import { FormFoot } from "./form-foot";
import { useKeptForm } from "./use-kept-form";

/** The mail server. Its password goes in and never comes back. */
export function ServerForm({ server, defaultUrl }: { server: MailServerView | null; defaultUrl: string }) {
  const { state, pending, begun, problems, form } = useKeptForm(saveMailServer, server?.version);
  const stored = server?.hasPassword === true;
  return (
    <form className="form" style={{ maxWidth: 560 }} {...form}>
      <input type="hidden" name="version" value={begun} />
      <div className="grid2">
        <Field
          label="Host"
          name="host"
          required
          defaultValue={server?.host}
          placeholder="smtp.example.com"
          spellCheck={false}
          autoComplete="off"
          problem={problems.host}
        />
        <Field
          label="Port"
          name="port"
          type="number"
          required
          min={1}
          max={65535}
          defaultValue={server?.port ?? 587}
          problem={problems.port}
        />
        <SelectField
          label="TLS"
          name="security"
          defaultValue={server?.security ?? "starttls"}
          options={SECURITY_MODES.map((value) => ({ value, label: SECURITY_WORDS[value] }))}
          hint="587 with STARTTLS, 465 with TLS."
          problem={problems.security}
        />
        <Field
          label="User"
          name="username"
          defaultValue={server?.username ?? ""}
          spellCheck={false}
          autoComplete="off"
          problem={problems.username}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          placeholder={stored ? "stored" : ""}
          hint={stored ? "Leave empty to keep the stored one." : "Stored encrypted, never shown again."}
          problem={problems.password}
        />
        <Field
          label="Console address in mails"
          name="baseUrl"
          type="url"
          defaultValue={server?.baseUrl ?? ""}
          placeholder={defaultUrl}
          hint="Every link in a mail leads below it."
          problem={problems.baseUrl}
        />
        <Field
          label="From address"
          name="fromAddress"
          type="email"
          required
          defaultValue={server?.fromAddress}
          placeholder="seawall@example.com"
          problem={problems.fromAddress}
        />
        <Field
          label="From name"
          name="fromName"
          maxLength={80}
          defaultValue={server?.fromName ?? "Seawall"}
          problem={problems.fromName}
        />
      </div>
      {stored ? <CheckField label="Remove the stored password" name="forget" /> : null}
      <CheckField
        label="Send mail"
        name="enabled"
        defaultChecked={server?.enabled ?? true}
        hint="Off: events are not mailed, invitations and ways back in wait."
      />
      <FormFoot state={state} pending={pending} label="Save mail server" />
    </form>
  );
}
