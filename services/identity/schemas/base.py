"""What the answers of identity have in common."""

from pydantic import BaseModel, ConfigDict


class Lue(BaseModel):
    model_config = ConfigDict(from_attributes=True)
