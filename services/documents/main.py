"""The service documents: `python -m services.documents.main`."""

from fastapi import FastAPI

from services.documents import endpoints, handlers
from services.documents.archive import Archive
from services.documents.settings import Settings
from services.kit.app import build_app, serve
from services.kit.context import Context


def create_app(settings: Settings) -> FastAPI:
    archive = Archive(settings.documents_url)

    async def archive_repond(_: Context) -> None:
        await archive.verifier()

    app = build_app(settings, router=endpoints.router, requests=handlers.requests(archive), ready={"archive": archive_repond})
    app.state.archive = archive
    return app


if __name__ == "__main__":
    settings = Settings()
    serve(create_app(settings), settings)
