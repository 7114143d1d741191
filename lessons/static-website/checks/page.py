"""The pages of the website."""


def check_index(index_page):
    """The first page is in the bucket."""
    assert index_page.size_bytes, f"{index_page.key} is empty, it should hold a page"


def check_error(error_page):
    """The error page is in the bucket."""
    assert error_page.size_bytes, f"{error_page.key} is empty, it should hold a page"


def check_type(sent_pages, criterion):
    """The pages are sent as web pages."""
    assert not sent_pages.otherwise, (
        f"{' and '.join(sent_pages.otherwise)}, it should be {criterion.parameters['type']}"
    )
