"""Every path of the circuit, played from end to end. The tests, the fingerprints and the histories all come from here."""

from tests.circuits.scenarios import chemins, pannes
from tests.circuits.scenarios.registre import SCENARIOS, Scenario

__all__ = ["SCENARIOS", "Scenario", "chemins", "pannes"]
