"""What moto's CloudFormation does otherwise than AWS's, put right as far as a deployment of this project meets it.

AWS (CloudFormation user guide)                            moto 5.2
runs the template's transform                              leaves out what is AWS::Serverless::*, without a word
creates and updates in the order of the dependencies       deletes, then creates, then updates
keeps what an update removes and whose policy is Retain    deletes it
deletes what an update removed after all else succeeded    deletes it first
rolls a failed operation back and says so in the status    leaves half of it, and answers 500
has outputs however the stack was made                     has none for one that a change set made
deletes a resource before those that it depends on         deletes in any order
"""

from __future__ import annotations

import json
import traceback
from typing import Any

from moto.cloudformation import models, parsing
from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform

from local.template import NoManagedPolicies, references

TRANSFORM = "AWS::Serverless-2016-10-31"
RETAINED = ("Retain", "RetainExceptOnCreate")


def processed(text: str, parameters: dict[str, str], pseudo: dict[str, str]) -> str:
    """The template after its transform, which is the code that AWS runs too; as it is where it has none."""
    template = yaml_parse(text)
    if template.get("Transform") != TRANSFORM:
        return text
    return json.dumps(transform(template, parameters | pseudo, NoManagedPolicies()))


def in_order(resources: dict[str, Any]) -> list[str]:
    """The logical ids, each behind those that it refers to."""
    done: list[str] = []
    waiting = dict(resources)
    while waiting:
        ready = [name for name, body in waiting.items() if not set(references(body)) & waiting.keys() - {name}]
        if not ready:
            raise ValueError(f"Circular dependency between resources: [{', '.join(waiting)}]")
        for name in ready:
            done.append(name)
            del waiting[name]
    return done


class ResourceMap(parsing.ResourceMap):
    """The resources of a stack."""

    def update(self, template: dict[str, Any], parameters: dict[str, Any] | None = None) -> None:
        """To the template's: what is new or differs, in order; then away with what is not in it."""
        old = self._resource_json_map
        diff = self.build_resource_diff(template, parameters)
        self._template, self._resource_json_map = template, template["Resources"]
        self.input_parameters = parameters or self.input_parameters
        self.load_mapping()
        self.load_parameters()
        self.load_conditions()
        for name in in_order(template["Resources"]):
            if name in diff["Add"] or name not in self._parsed_resources:
                _ = self[name]  # creates it, if its condition holds
            elif name in diff["Modify"]:
                self._parsed_resources[name] = parsing.parse_and_update_resource(
                    name, template["Resources"][name], self, self._account_id, self._region_name
                )
        self.remove({name: old[name] for name in diff["Remove"] if name in self._parsed_resources})

    @property
    def resources(self) -> list[str]:
        """Those that there are: a condition may have kept some from being made."""
        return [name for name in self._resource_json_map if self._parsed_resources.get(name) is not None]

    def delete(self) -> None:
        """All but those that are retained."""
        self.remove({name: body for name, body in self._resource_json_map.items() if name in self._parsed_resources})

    def remove(self, resources: dict[str, Any]) -> None:
        """Delete what is not retained, and forget the rest."""
        for name in reversed(in_order(resources)):
            resource = self._parsed_resources.pop(name)
            if resource is not None and resources[name].get("DeletionPolicy") not in RETAINED:
                self._delete_resource(resource, resources[name])


# In place of methods of CloudFormationBackend.


def create_change_set(self: Any, stack_name: str, change_set_name: str, template: str, **settings: Any) -> Any:
    """Of what the template becomes; sam gives the stack's template as it was written back, to delete by it."""
    pseudo = {"AWS::AccountId": self.account_id, "AWS::Partition": "aws", "AWS::Region": self.region_name}
    after = processed(template, settings["parameters"], pseudo | {"AWS::StackName": stack_name})
    made = plain_create_change_set(
        self, stack_name=stack_name, change_set_name=change_set_name, template=after, **settings
    )
    self.change_sets[made[0]].original = template
    return made


def execute_change_set(self: Any, change_set_name: str, stack_name: str | None = None) -> None:
    """Until the stack is what it is to be, or again what it was."""
    change_set = self.describe_change_set(change_set_name)
    stack, kind = self.stacks[change_set.stack_id], change_set.change_set_type
    before, parameters = stack.template_dict, dict(stack.parameters)
    stack._add_stack_event(f"{kind}_IN_PROGRESS")
    try:
        change_set.apply()
    except Exception as error:
        traceback.print_exc()
        stack._add_stack_event(f"{kind}_FAILED", resource_status_reason=str(error))
        rollback = "UPDATE_ROLLBACK" if kind == "UPDATE" else "ROLLBACK"
        stack._add_stack_event(f"{rollback}_IN_PROGRESS", resource_status_reason=str(error))
        stack.resource_map.update(before or {"Resources": {}}, parameters)
        finish(stack, f"{rollback}_COMPLETE")
    else:
        stack.template, stack.original = change_set.template, change_set.original
        stack.template_dict, stack.parameters = change_set.template_dict, change_set.parameters
        stack.output_map = stack._create_output_map()
        finish(stack, f"{kind}_COMPLETE")
    change_set.execution_status = "EXECUTE_COMPLETE"


def get_template(self: Any, name_or_stack_id: str) -> Any:
    """As it was written (TemplateStage=Original)."""
    return self.get_stack(name_or_stack_id).original


def finish(stack: Any, status: str) -> None:
    """The stack has come to rest."""
    stack._add_stack_event(status)
    stack.status = status


plain_create_change_set: Any = models.CloudFormationBackend.create_change_set


def correct() -> None:
    """From now on in this process."""
    module: Any = models
    module.ResourceMap = ResourceMap
    for method in (create_change_set, execute_change_set, get_template):
        setattr(models.CloudFormationBackend, method.__name__, method)
