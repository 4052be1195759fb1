#include "ctl/table.h"

#include <boost/test/unit_test.hpp>
#include <sstream>

using namespace csauth;

BOOST_AUTO_TEST_SUITE(table)

BOOST_AUTO_TEST_CASE(columns_are_as_wide_as_their_values) {
    ctl::Table table{{"ID", "NAME", "ADDRESS"}};
    table.add({"1", "J\xc3\xbcrgen", "j@example.com"});
    table.add({"1000", "Ann", ""});
    std::ostringstream out;
    table.print(out);
    BOOST_TEST(out.str() == "ID    NAME    ADDRESS\n1     J\xc3\xbcrgen  j@example.com\n1000  Ann\n");
}

BOOST_AUTO_TEST_CASE(table_without_rows_is_its_header) {
    std::ostringstream out;
    ctl::Table{{"ID", "NAME"}}.print(out);
    BOOST_TEST(out.str() == "ID  NAME\n");
}

BOOST_AUTO_TEST_SUITE_END()
