import { Gate } from "@/components/gate";

export default function NotFound() {
  return (
    <Gate title="There is nothing here" sub="The address is wrong, the thing is gone, or your role does not reach it.">
      <a className="btn" href="/">
        Overview
      </a>
    </Gate>
  );
}
