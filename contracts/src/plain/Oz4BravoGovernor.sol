// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor, IGovernor} from "oz4/governance/Governor.sol";
import {TimelockController} from "oz4/governance/TimelockController.sol";
import {GovernorCompatibilityBravo} from "oz4/governance/compatibility/GovernorCompatibilityBravo.sol";
import {GovernorSettings} from "oz4/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "oz4/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "oz4/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from "oz4/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "oz4/governance/utils/IVotes.sol";
import {IERC165} from "oz4/utils/introspection/IERC165.sol";

/// Somebody else's DAO: OpenZeppelin's Governor 4.9 that answers to the names of Compound's Bravo too, and counts as it does.
contract Oz4BravoGovernor is
    Governor,
    GovernorSettings,
    GovernorCompatibilityBravo,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl
{
    constructor(
        string memory name,
        IVotes token,
        TimelockController timelock,
        uint256 votingDelay_,
        uint256 votingPeriod_,
        uint256 quorumPercent
    )
        Governor(name)
        GovernorSettings(votingDelay_, votingPeriod_, 0)
        GovernorVotes(token)
        GovernorVotesQuorumFraction(quorumPercent)
        GovernorTimelockControl(timelock)
    {}

    function votingDelay() public view override(IGovernor, GovernorSettings) returns (uint256) {
        return super.votingDelay();
    }

    function votingPeriod() public view override(IGovernor, GovernorSettings) returns (uint256) {
        return super.votingPeriod();
    }

    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    function quorum(uint256 timepoint) public view override(IGovernor, GovernorVotesQuorumFraction) returns (uint256) {
        return super.quorum(timepoint);
    }

    function state(uint256 proposalId)
        public
        view
        override(IGovernor, Governor, GovernorTimelockControl)
        returns (ProposalState)
    {
        return super.state(proposalId);
    }

    function propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description
    ) public override(IGovernor, Governor, GovernorCompatibilityBravo) returns (uint256) {
        return super.propose(targets, values, calldatas, description);
    }

    function cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) public override(IGovernor, Governor, GovernorCompatibilityBravo) returns (uint256) {
        return super.cancel(targets, values, calldatas, descriptionHash);
    }

    function supportsInterface(bytes4 interfaceId)
        public
        view
        override(IERC165, Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.supportsInterface(interfaceId);
    }

    function _execute(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._execute(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
