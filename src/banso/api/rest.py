"""What a key is told about itself."""

from datetime import datetime

from banso.api.access import ApiRequest, Router, Schema, requires

router = Router(tags=["keys"])


class MeOut(Schema):
    """The key of the call: what it is called, and what it may do."""

    name: str
    prefix: str
    scope: str
    permissions: list[str]
    expires_at: datetime | None


@router.get("/me", response=MeOut, summary="The key of this call")
@requires("accounts.view")
def me(request: ApiRequest) -> MeOut:
    key = request.auth
    return MeOut(
        name=key.name,
        prefix=key.prefix,
        scope=key.scope,
        permissions=sorted(key.permissions),
        expires_at=key.expires_at,
    )
