"""What `cfn-lint --append-rules tools/edgecors_cfn_lint` loads: the rules of edgecors_doctor."""
