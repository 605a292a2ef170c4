// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PapersTest} from "./PaperCounting.t.sol";
import {Test} from "./Vm.sol";

/// Everything voters and relayers may do with one paper, in any order, while NOMIC moves.
contract PaperVoting is PapersTest {
    constructor() {
        super.setUp();
    }

    function setUp() public override {}

    function relay(uint256 x, uint256 y) external {
        Item memory one = itemOf(x);
        Item memory two = itemOf(y);
        bytes memory papers = bytes.concat(write(one), write(two));
        apply_(one);
        apply_(two);
        box.castPapers(paperId, papers);
    }

    function relayOne(uint256 x) external {
        Item memory item = itemOf(x);
        Sheet memory s = item.sheet;
        address signer = s.seat == 0 ? address(1) : accountOf(s.seat - 1);
        bool isGood = item.fault == Fault.None && s.seat != 0;
        bytes memory signed = signature(isGood ? keyOf(s.seat - 1) : keyOf(901), paperDigest(s));
        if (!isGood) item.fault = Fault.OtherKey;
        uint256 mark = item.smear == 0 ? markOf(s) : smeared(item);
        uint8 why = apply_(item);
        try box.castPaper(paperId, s.seat, mark, s.reason, signer, signed) {
            vm.assertEq(why, 0, "counted alone");
        } catch {
            vm.assertTrue(why != 0, "refused alone");
        }
    }

    function moveNomic(uint256 from, uint256 to, uint256 amount) external {
        (from, to) = (bound(from, 0, VOTERS - 1), bound(to, 0, VOTERS - 1));
        amount = bound(amount, 0, nomic.balanceOf(accountOf(from)));
        vm.prank(accountOf(from));
        nomic.transfer(accountOf(to), amount);
    }

    function look() external view {
        compareMarks();
        compareTallies();
        uint256 supply = nomic.getPastTotalSupply(box.paperRecord(paperId).opens);
        for (uint256 i; i < pollIds.length; ++i) {
            (, uint256 participating, uint256 abstained) = box.tally(pollIds[i]);
            vm.assertLe(participating + abstained, supply, "never more than there is");
        }
    }
}

contract PapersInvariant is Test {
    PaperVoting private voting;

    function setUp() public {
        voting = new PaperVoting();
    }

    function targetContracts() public view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(voting);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory list) {
        list = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](3);
        selectors[0] = PaperVoting.relay.selector;
        selectors[1] = PaperVoting.relayOne.selector;
        selectors[2] = PaperVoting.moveNomic.selector;
        list[0] = FuzzSelector(address(voting), selectors);
    }

    function invariant_tallies_are_everyones_last_paper_once_and_never_more_than_the_supply() public view {
        voting.look();
    }
}
