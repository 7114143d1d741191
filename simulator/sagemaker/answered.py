"""List calls for what the practice cloud has none of: AWS's answer from an account that has none, either.

A sweep of an account asks for everything that may be left in it. moto knows a quarter of those calls.
"""

from typing import Any

from botocore.model import ListShape, OperationModel, StructureShape


def empty_list(operation: OperationModel) -> dict[str, Any] | None:
    """The answer `{result: []}`; None if this is no list call, or one of things inside something else."""
    output, asked = operation.output_shape, operation.input_shape
    if not operation.name.startswith("List") or not isinstance(output, StructureShape):
        return None
    if isinstance(asked, StructureShape) and asked.required_members:
        return None
    lists = [name for name, shape in output.members.items() if isinstance(shape, ListShape)]
    return {lists[0]: []} if len(lists) == 1 else None
