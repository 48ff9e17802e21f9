import Link from "next/link";
import { NotTold } from "@/components/empty";
import { count } from "@/components/format";
import { Mark } from "@/components/marks";
import { Name } from "@/components/name";
import { When } from "@/components/when";
import { SeverityMark } from "@/domain/posture/components/severity";
import { type Place, placeSearch } from "../place";
import type { RequirementDetail } from "../report/schema";
import { factWords, whyUnknown } from "./fact-words";
import { StateMark } from "./state";

const amount = (value: number) => (value === 0 ? <span className="zero">0</span> : count(value));

/** The controls that judge a requirement, with what they say of the resources of a place. `hrefOf`: where those that fail one are listed. */
export function ControlTable({
  controls,
  hrefOf,
}: {
  controls: RequirementDetail["controls"];
  hrefOf: (controlId: string) => string;
}) {
  return (
    <table className="t-ctl flow">
      <thead>
        <tr>
          <th>Control</th>
          <th>Id</th>
          <th>Severity</th>
          <th className="num">Unhealthy</th>
          <th className="num">Healthy</th>
          <th className="num">Not evaluated</th>
        </tr>
      </thead>
      <tbody>
        {controls.map((control) => (
          <tr key={control.id}>
            <td className="c0">
              <Link href={`/recommendations/${control.id}`} prefetch={false}>
                {control.title}
              </Link>
            </td>
            <td className="c1 idc">{control.id}</td>
            <td className="c2">
              <SeverityMark severity={control.severity} />
            </td>
            <td className="num c3" data-l="Unhealthy">
              {control.unhealthy === 0 ? (
                <span className="zero">0</span>
              ) : (
                <Link className="lnk" href={hrefOf(control.id)} prefetch={false}>
                  {count(control.unhealthy)}
                </Link>
              )}
              {control.exempted === 0 ? null : <div className="dim sm nw">{count(control.exempted)} exempted</div>}
            </td>
            <td className="num c4" data-l="Healthy">
              {amount(control.healthy)}
            </td>
            <td className="num c5" data-l="Not evaluated">
              {control.notEvaluated === 0 ? (
                <span className="zero">0</span>
              ) : (
                <>
                  <Mark name="unknown" /> {count(control.notEvaluated)}
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A requirement on each cluster, the worst first. */
export function ClusterStates({
  benchmark,
  requirement,
  clusters,
  exemptions,
  timeZone,
  now,
}: {
  benchmark: string;
  requirement: string;
  clusters: RequirementDetail["clusters"];
  /** As the page looks: kept by its links. */
  exemptions: Place["exemptions"];
  timeZone: string;
  now: Date;
}) {
  const hrefOf = (place: Place) => `/compliance/${benchmark}/${requirement}${placeSearch(place, { exemptions })}`;
  return (
    <table className="t-clu flow">
      <thead>
        <tr>
          <th>Cluster</th>
          <th>Account</th>
          <th>State</th>
          <th className="num">Collected</th>
        </tr>
      </thead>
      <tbody>
        {clusters.map((cluster) => (
          <tr key={cluster.id}>
            <td className="d0">
              <Link href={hrefOf({ scope: "cluster", id: cluster.id })} prefetch={false}>
                <Name text={cluster.name} />
              </Link>
            </td>
            <td className="d1">
              <Name text={cluster.account.name} />
            </td>
            <td className="d2">
              <StateMark state={cluster.state} attested={cluster.attested} />
            </td>
            <td className="num d3 nw">
              {cluster.collectedAt === null ? (
                <Mark name="unknown" label="never scanned" />
              ) : (
                <When at={new Date(cluster.collectedAt)} now={now} timeZone={timeZone} suffix=" ago" />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Words whose flags break between their words only. */
const Unbroken = ({ words }: { words: string }) =>
  words.split(/(--[a-z]+)/).map((part, index) =>
    part.startsWith("--") ? (
      <span key={index} className="nowrap">
        {part}
      </span>
    ) : (
      part
    ),
  );

/** What was collected that helps a person to decide, for each cluster. */
export function FactTables({ clusters, most }: { clusters: RequirementDetail["clusters"]; most: number }) {
  return (
    <div className="fact-sets">
      {clusters.slice(0, most).map((cluster) => (
        <div key={cluster.id}>
          <h3>
            <Name text={cluster.name} /> <span className="dim">{cluster.account.name}</span>
          </h3>
          <dl className="facts">
            {cluster.facts.map((fact) => (
              <div key={fact.name} className="fact">
                <dt>
                  <Unbroken words={factWords(fact.name)} />
                </dt>
                <dd>{fact.value === null ? <NotTold words={whyUnknown(fact.name)} /> : <Name text={fact.value} />}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </div>
  );
}
