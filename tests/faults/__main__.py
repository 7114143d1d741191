"""Try every fault of every service, and write the tables in docs/faults.md anew: some minutes."""

from tests.faults.table import DOCUMENT, put_into
from tests.faults.walk import SERVICES, STATES, Walk, practising

if __name__ == "__main__":
    text = DOCUMENT.read_text("utf-8")
    with practising() as (cloud, way):
        for state in STATES:
            walk = Walk(cloud, way, state)
            text = put_into(text, state, {service: walk.cells(service) for service in SERVICES})
    DOCUMENT.write_text(text, "utf-8")
