"""The parts of the test client."""
