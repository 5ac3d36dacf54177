"""A living newspaper on loopback, and the stage that shows Late Edition watching it; needs no internet."""

from lateedition.demo.stage import Stage, perform

__all__ = ["Stage", "perform"]
