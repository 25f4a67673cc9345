"""Documents are found in a real Postgres by the names that users type."""

import pytest

from schemas.errors import NotFound
from services.common.document_names import find_document
from storage.connections import Pool
from tests.support.filed_documents import put
from tests.support.small_campaign import start_campaign


async def test_a_document_is_found_by_whatever_people_call_it(pool: Pool) -> None:
    await start_campaign(pool)
    key = await put(pool, "410400:supervision_order:2:2021-09-01", number="豫自然资督〔2021〕12号")
    await put(pool, "410400:circular:3:2021-09-08", number="豫自然资督〔2021〕121号", kind="circular", rung=3)
    names = (
        "豫自然资督〔2021〕12号",
        "豫自然资督[2021]12号",
        "豫自然资督（2021） 12 号",
        "豫自然资督【2021】１２号",
        "豫自然资督\u200b［2021］12号",
    )
    for name in (*names, key, "410400:supervision_order:2:2021-09-01"):
        assert (await find_document(pool, "henan", name)).key == key


async def test_a_name_that_nobody_knows_brings_the_nearest(pool: Pool) -> None:
    await start_campaign(pool)
    with pytest.raises(NotFound, match="no document was issued or drafted yet"):
        await find_document(pool, "henan", "1号")
    for n in range(1, 9):
        await put(pool, f"410400:reminder:0:2021-09-0{n}", number=f"豫自然资督〔2021〕{n}号", days=n)
    with pytest.raises(NotFound, match=r"Did you mean: .*豫自然资督〔2021〕1号"):
        await find_document(pool, "henan", "豫自然资督〔2021〕11号")
    with pytest.raises(NotFound, match=r"Its last documents: 豫自然资督〔2021〕8号, 豫自然资督〔2021〕7号"):
        await find_document(pool, "henan", "whatever")
    with pytest.raises(NotFound, match="Known campaigns: henan"):
        await find_document(pool, "hunan", "豫自然资督〔2021〕1号")
