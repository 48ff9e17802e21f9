/** What Azure says of a resource's last change. AKS' reference names no set; these stand in its documentation and answers. */
export const STATES = [
  ...["Succeeded", "Failed", "Canceled", "Accepted", "Creating", "Provisioning", "Updating", "Deleting"],
  ...["Starting", "Stopping", "Scaling", "Upgrading", "UpgradingNodeImageVersion", "Migrating", "Reconciling"],
  ...["RotatingClusterCertificates", "ReconcilingClusterETCDCertificates", "Draining", "Rollback"],
] as const;
