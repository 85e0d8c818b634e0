"""Tables of assets: what customers run."""

from assets.models.assets import Asset, Product

__all__ = ["Asset", "Product"]
